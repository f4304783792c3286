import type { BenchCase } from '../case/make-case.ts';
import type { Program } from '../measure/measure-process.ts';
import type { PairOptions } from '../measure/run-pairs.ts';

/** What the parts of the benchmark share. */
export interface PartContext {
  readonly case: BenchCase;
  /** Folder for what parts write: dist/bench. */
  readonly work: string;
  readonly pairs: PairOptions;
  /** A script under bench/python as a program; undefined when Python is not installed. */
  readonly python: ((script: string, args: readonly string[]) => Program) | undefined;
}

/** A bundled program of ours under dist/bench/bin. */
export function driver(name: string, args: readonly string[]): Program {
  return { command: process.execPath, args: [`dist/bench/bin/${name}.mjs`, ...args] };
}

/** Folder of the program that is measured: a copy of dist/apps/<task>. */
export const APP = 'dist/bench/app';

/** The built container program with its folders. */
export function appProgram(
  places: Readonly<Record<'input' | 'output' | 'resources', string>>,
  threads: number,
): Program {
  return {
    command: process.execPath,
    args: [`${APP}/main.mjs`],
    env: {
      HECKTOR_INPUT: places.input,
      HECKTOR_OUTPUT: places.output,
      HECKTOR_RESOURCES: places.resources,
      HECKTOR_MODEL_FOLDER: `${places.resources}/none`,
      HECKTOR_THREADS: String(threads),
      HECKTOR_TIME_LIMIT_S: '604800',
    },
  };
}
