import { spawnSync } from 'node:child_process';
import type { Program } from './measure/measure-process.ts';

/** A Python that can run the reference, or why there is none. */
export type Python =
  | { readonly interpreter: string; readonly versions: Readonly<Record<string, string>> }
  | { readonly missing: string };

/** What the reference imports, by its name on PyPI, and the file that says so; the first is loaded. */
const PACKAGES = {
  'requirements.txt': ['torch', 'torch', 'monai', 'SimpleITK', 'scikit-image'],
  'requirements-nnunet.txt': ['torch', 'torch', 'nnunetv2', 'SimpleITK', 'scikit-image'],
  'requirements-radiomics.txt': ['radiomics', 'pyradiomics', 'SimpleITK'],
  'requirements-tabular.txt': ['sksurv', 'scikit-survival', 'scikit-learn', 'skl2onnx'],
};
export type Requirements = keyof typeof PACKAGES;

const PROBE = [
  'import importlib, importlib.metadata, json, platform, sys',
  'importlib.import_module(sys.argv[1])',
  'found = {name: importlib.metadata.version(name) for name in sys.argv[2:]}',
  'print(json.dumps({"python": platform.python_version(), **found}))',
].join('\n');

/** Looks for the reference's interpreter: BENCH_PYTHON or python3, with its packages installed. */
export function findPython(
  env: NodeJS.ProcessEnv,
  requirements: Requirements = 'requirements.txt',
): Python {
  const interpreter = env['BENCH_PYTHON']?.trim() || 'python3';
  const args = ['-c', PROBE, ...PACKAGES[requirements]];
  const { status, stdout, stderr, error } = spawnSync(interpreter, args, { encoding: 'utf8' });
  if (error === undefined && status === 0) {
    const versions = JSON.parse(stdout.trim().split('\n').at(-1)!) as Record<string, string>;
    return { interpreter, versions };
  }
  const reason = error?.message ?? stderr.trim().split('\n').at(-1) ?? '';
  return {
    missing:
      `the Python reference cannot run with "${interpreter}" (${reason}). ` +
      `Install bench/python/${requirements} and set BENCH_PYTHON to that interpreter.`,
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
