import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, relative, resolve } from 'node:path';
import type { CohortTask, RunFile } from '@hecktor/cohort';
import { HecktorError } from '@hecktor/errors';
import { loadRecipeOfKind } from '@hecktor/recipe';
import { hashFiles } from '@hecktor/runtime';
import type { InputFile } from './input-files.ts';
import type { Program } from './program.ts';

/** What took part in a run, but for its cases. */
export type RunIdentity = Omit<RunFile, 'task' | 'cases'>;

const RECIPE = 'pipeline.json';
/** Of the bundler; an image has more beside it. */
const BUNDLED = /^(main|worker|kernel-worker|part-\w+)\.mjs$|^pipelines\//;
/** Beside the weights, for people. */
const PROSE = /\.md$/;

/**
 * Takes the digests of all that decides the answers of a run but the cases: the program's files with
 * the ONNX Runtime that they load, the recipe, the files beside it, and the settings. Where things lie
 * does not count.
 *
 * @throws HecktorError as `loadRecipe` does, for what the program would refuse with every case.
 */
export async function identifyRun(program: Program, task: CohortTask): Promise<RunIdentity> {
  const { file, resources, modelFolder, threads, plan, timeLimitS, container } = program;
  // Those of an image were looked at when it was built, by the program that is in it.
  if (container === undefined) {
    await loadRecipeOfKind({ resources, modelFolder }, task.recipe.kind, { task });
  }
  const bundle = filesBelow(dirname(file)).filter((name) => BUNDLED.test(name));
  const parts = new Set([basename(file), ...bundle]);
  const onnxruntime = versionOf('onnxruntime-node', file);
  // As the program takes them: a file of the model folder wins over one of the same name.
  const given = new Map(
    [resources, modelFolder].flatMap((folder) =>
      filesBelow(folder).map((name) => [name, join(folder, name)] as const),
    ),
  );
  const recipe = given.get(RECIPE);
  if (recipe === undefined) throw new HecktorError('RECIPE_MISSING', { file: resources });
  const weights = [...given].filter(([name]) => name !== RECIPE && !PROSE.test(name));
  const digests = {
    program: await digestOf(
      [...parts].map((name) => [name, join(dirname(file), name)]),
      onnxruntime,
    ),
    recipe: (await hashFiles([recipe]))[0]!,
    weights: await digestOf(weights),
  };
  // With all of the recipe the limit decides whether there is an answer, not which.
  const settings = { threads, plan, ...(plan === 'auto' && { timeLimitS }) };
  return {
    versions: {
      hecktor: versionIn('package.json'),
      node: process.version,
      'onnxruntime-node': onnxruntime,
    },
    digests,
    settings,
    digest: sha256(JSON.stringify([digests, settings])),
  };
}

/** The digest of all that decides the answer of a case: the run's and that of its input folder. */
export async function caseDigest(run: RunIdentity, files: readonly InputFile[]): Promise<string> {
  const parts = files.map(async (one) => {
    if ('text' in one) return [one.path, sha256(one.text)];
    // The program says better what is wrong with a file that cannot be read.
    const [digest] = await hashFiles([one.from]).catch(() => ['unreadable']);
    return [one.path, digest];
  });
  return sha256(JSON.stringify([run.digest, await Promise.all(parts)]));
}

async function digestOf(
  files: readonly (readonly [name: string, path: string])[],
  ...more: readonly string[]
): Promise<string> {
  const sorted = [...files].sort(([a], [b]) => (a < b ? -1 : 1));
  const digests = await hashFiles(sorted.map(([, path]) => path));
  return sha256(JSON.stringify([sorted.map(([name], i) => [name, digests[i]]), ...more]));
}

function filesBelow(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)));
}

/** Of a package as the program finds it. */
function versionOf(name: string, file: string): string {
  try {
    const manifest = createRequire(resolve(file)).resolve(`${name}/package.json`);
    return versionIn(manifest);
  } catch {
    return 'unknown';
  }
}

function versionIn(manifest: string): string {
  return (JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version;
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
