import { dirname, join } from 'node:path/posix';
import ts from 'typescript';

/** Texts of TypeScript files by their path from the workspace's root. */
type Sources = ReadonlyMap<string, string>;

/** Entry points of the workspace's packages: `@hecktor/volume` to a path from the root. */
type EntryPoints = ReadonlyMap<string, string>;

type Graph = ReadonlyMap<string, ReadonlySet<string>>;

const MAX_LINES = 400;
const COMMENT = /^\s*(?:\/\/|\/\*|\*)|\/\/ |\/\* /;

export function findLongFiles(sources: Sources): string[] {
  return [...sources].flatMap(([path, text]) => {
    const lines = text.trimEnd().split('\n').length;
    return lines > MAX_LINES ? [`${path}: ${lines} lines`] : [];
  });
}

/** Casts by way of `unknown` without a comment on their line or on the one before, but in specs. */
export function findBareCasts(sources: Sources): string[] {
  return [...sources].flatMap(([path, text]) => {
    if (path.endsWith('.spec.ts')) return [];
    const lines = text.split('\n');
    return lines.flatMap((line, i) => {
      if (!/\bas unknown as\b/.test(line)) return [];
      if (COMMENT.test(line) || COMMENT.test(lines[i - 1] ?? '')) return [];
      return [`${path}:${i + 1}`];
    });
  });
}

/**
 * Import cycles of files and of projects, each once, as `a -> b -> a`. Imports of types count. Specs
 * and fixtures do not tie projects together: those of a library use libs/testing, which is built on
 * the library.
 *
 * @param projects Root folders of the projects.
 */
export function findCycles(
  sources: Sources,
  entryPoints: EntryPoints,
  projects: readonly string[],
): string[] {
  const files = new Map(
    [...sources].map(([path, text]) => [path, importsOf(path, text, entryPoints)] as const),
  );
  const projectOf = (path: string): string =>
    projects.find((root) => path.startsWith(`${root}/`)) ?? path;
  const between = new Map<string, Set<string>>();
  for (const [path, imported] of files) {
    if (/\.spec\.ts$|\/fixtures\//.test(path)) continue;
    const [from, to] = [projectOf(path), [...imported].map(projectOf)];
    const known = between.get(from) ?? new Set();
    between.set(from, new Set([...known, ...to.filter((name) => name !== from)]));
  }
  return [...cyclesOf(files), ...cyclesOf(between)];
}

function importsOf(path: string, text: string, entryPoints: EntryPoints): Set<string> {
  const { importedFiles } = ts.preProcessFile(text, true, true);
  return new Set(
    importedFiles.flatMap(({ fileName }) => {
      if (fileName.startsWith('.')) return [join(dirname(path), fileName)];
      return entryPoints.get(fileName) ?? [];
    }),
  );
}

/** One shortest cycle for each group of nodes that reach each other. */
function cyclesOf(graph: Graph): string[] {
  const inCycle = new Set<string>();
  return [...graph.keys()].flatMap((start) => {
    if (inCycle.has(start)) return [];
    const cycle = shortestCycle(graph, start);
    for (const node of cycle) inCycle.add(node);
    return cycle.length === 0 ? [] : [cycle.join(' -> ')];
  });
}

/** Breadth first from a node back to itself; empty when nothing leads back. */
function shortestCycle(graph: Graph, start: string): string[] {
  const cameFrom = new Map<string, string>();
  for (const node of [start, ...reached(graph, start, cameFrom)]) {
    if (!graph.get(node)?.has(start)) continue;
    const back = [start];
    for (let at = node; at !== start; at = cameFrom.get(at)!) back.unshift(at);
    return [start, ...back];
  }
  return [];
}

function* reached(graph: Graph, start: string, cameFrom: Map<string, string>): Generator<string> {
  const queue = [start];
  for (let node = queue.shift(); node !== undefined; node = queue.shift()) {
    for (const next of graph.get(node) ?? []) {
      if (next === start || cameFrom.has(next)) continue;
      cameFrom.set(next, node);
      queue.push(next);
      yield next;
    }
  }
}
