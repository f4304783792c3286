import { spawnSync } from 'node:child_process';
import type { Program } from './measure/measure-process.ts';

/** A Python that can run the reference, or why there is none. */
export type Python =
  | { readonly interpreter: string; readonly versions: Readonly<Record<string, string>> }
  | { readonly missing: string };

const PACKAGES = ['torch', 'monai', 'SimpleITK', 'skimage'];
const PROBE = [
  'import importlib, json, platform',
  `found = {name: importlib.import_module(name).__version__ for name in ${JSON.stringify(PACKAGES)}}`,
  'print(json.dumps({"python": platform.python_version(), **found}))',
].join('\n');

/** Looks for the reference's interpreter: BENCH_PYTHON or python3, with its packages installed. */
export function findPython(env: NodeJS.ProcessEnv): Python {
  const interpreter = env['BENCH_PYTHON']?.trim() || 'python3';
  const { status, stdout, stderr, error } = spawnSync(interpreter, ['-c', PROBE], {
    encoding: 'utf8',
  });
  if (error === undefined && status === 0) {
    const versions = JSON.parse(stdout.trim().split('\n').at(-1)!) as Record<string, string>;
    return { interpreter, versions };
  }
  const reason = error?.message ?? stderr.trim().split('\n').at(-1) ?? '';
  return {
    missing:
      `the Python reference cannot run with "${interpreter}" (${reason}). ` +
      'Install bench/python/requirements.txt and set BENCH_PYTHON to that interpreter.',
  };
}

/** A script under bench/python with its thread pools bounded. */
export function pythonProgram(
  interpreter: string,
  script: string,
  args: readonly string[],
  threads: number,
): Program {
  const count = String(threads);
  return {
    command: interpreter,
    args: [`bench/python/${script}`, ...args],
    env: {
      OMP_NUM_THREADS: count,
      MKL_NUM_THREADS: count,
      ITK_GLOBAL_DEFAULT_NUMBER_OF_THREADS: count,
      PYTHONDONTWRITEBYTECODE: '1',
    },
  };
}
