// npx nx run bench:task1 (task2, task3) [--runs=3] [--what=...]: see docs/benchmarks.md
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { measureProcess } from './measure/measure-process.ts';
import { parseOptions, type BenchOptions, type Part, type Task } from './options.ts';
import { APP, driver, type PartContext } from './parts/part-context.ts';
import { measureEndToEnd } from './parts/end-to-end.ts';
import { measureEngines } from './parts/engines.ts';
import { measureImageIo } from './parts/image-io.ts';
import { measureMetrics } from './parts/metrics.ts';
import { measureNnunet } from './parts/nnunet.ts';
import { measureInvoke } from './parts/invoke.ts';
import { measurePreprocessing, measureSpacings } from './parts/preprocessing.ts';
import { measureRadiomics } from './parts/radiomics.ts';
import { measureStartup } from './parts/startup.ts';
import { measureTabular } from './parts/tabular.ts';
import { makeWeights, type Weights } from './parts/weights.ts';
import { findPython, pythonProgram, type Python, type Requirements } from './python.ts';
import { renderReport } from './report/render-report.ts';
import type { Report, Section } from './report/report.ts';

const WORK = 'dist/bench';

async function main(): Promise<void> {
  const options = parseOptions(process.argv.slice(2));
  const load = loadavg()[0]!;
  const python = findPython(process.env, requirementsOf(options.parts));
  if ('missing' in python) say(`Ours alone: ${python.missing}`);
  mkdirSync(WORK, { recursive: true });
  copyApp(options.task);
  const context = await prepare(options, python);
  const sections: Section[] = [];
  for (const part of options.parts) {
    say(`${part} ...`);
    sections.push(await measurePart(part, context, options, python));
  }
  const report: Report = {
    task: options.task,
    machine: `${cpus().length} x ${cpus()[0]?.model.trim() ?? 'unknown CPU'}`,
    threads: options.threads,
    runs: options.runs,
    load,
    versions: { node: process.version, ...('versions' in python && python.versions) },
    pythonMissing: 'missing' in python ? python.missing : undefined,
    sections,
  };
  const text = renderReport(report);
  const [json, markdown] = ['json', 'md'].map((end) => join(WORK, `${options.task}.${end}`));
  writeFileSync(json!, `${JSON.stringify(report, null, 2)}\n`);
  writeFileSync(markdown!, text);
  process.stdout.write(`\n${text}\n${json}\n${markdown}\n`);
}

/** Parts that need another Python environment are measured by themselves. */
function requirementsOf(parts: readonly Part[]): Requirements {
  if (parts.includes('radiomics')) return 'requirements-radiomics.txt';
  if (parts.includes('tabular')) return 'requirements-tabular.txt';
  const nnunet = parts.some((part) => part.startsWith('nnunet'));
  return nnunet ? 'requirements-nnunet.txt' : 'requirements.txt';
}

/** Measures a copy, so that a build in the meantime disturbs nothing. */
function copyApp(task: Task): void {
  rmSync(APP, { recursive: true, force: true });
  cpSync(join('dist/apps', task), APP, { recursive: true });
}

async function prepare(options: BenchOptions, python: Python): Promise<PartContext> {
  const { runs, threads } = options;
  const made = await measureProcess(driver('make-case', ['case', WORK]));
  return {
    case: made.lines.at(-1)!.line['made'] as PartContext['case'],
    work: WORK,
    pairs: { runs, threads, onRun: (text) => say(`  ${text}`) },
    python:
      'missing' in python
        ? undefined
        : (script, args) => pythonProgram(python.interpreter, script, args, threads),
  };
}

function measurePart(
  part: Part,
  context: PartContext,
  options: BenchOptions,
  python: Python,
): Promise<Section> {
  switch (part) {
    case 'startup':
      return measureStartup(context);
    case 'image-io':
      return measureImageIo(context);
    case 'preprocessing':
      return measurePreprocessing(context);
    case 'spacings':
      return measureSpacings(context);
    case 'end-to-end':
      return measureEndToEnd(context, options.task, findWeights(options, python));
    case 'invoke':
      return measureInvoke(context, options.task);
    case 'radiomics':
      return measureRadiomics(context);
    case 'tabular':
      return measureTabular(context);
    case 'metrics':
      return measureMetrics(context);
    case 'engines':
      return measureEngines(context, python);
    case 'nnunet':
    case 'nnunet-full':
    case 'nnunet-mirroring':
      return measureNnunet(context, part, python);
  }
}

function findWeights({ task, resources, checkpoint }: BenchOptions, python: Python): Weights {
  if (resources !== undefined && checkpoint !== undefined) {
    return { resources, checkpoint, about: `${checkpoint} and ${resources}` };
  }
  if ('missing' in python) {
    throw new Error('end to end without Python needs --resources=<folder> --checkpoint=<path>');
  }
  say('  making weights ...');
  return makeWeights(task, WORK, python.interpreter);
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
