import type { Program } from '../measure/measure-process.ts';

/** Folder of the program that is measured: a copy of dist/apps/<task>. */
export const APP = 'dist/bench/app';

/** The built container program with its folders. */
export function appProgram(options: {
  readonly input: string;
  readonly output: string;
  readonly resources: string;
  readonly threads: number;
}): Program {
  return {
    command: process.execPath,
    args: [`${APP}/main.mjs`],
    env: {
      HECKTOR_INPUT: options.input,
      HECKTOR_OUTPUT: options.output,
      HECKTOR_RESOURCES: options.resources,
      HECKTOR_MODEL_FOLDER: `${options.resources}/none`,
      HECKTOR_THREADS: String(options.threads),
      HECKTOR_TIME_LIMIT_S: '604800',
    },
  };
}
