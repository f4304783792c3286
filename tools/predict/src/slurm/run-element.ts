import { HecktorError } from '@hecktor/errors';
import { predictCase, type CaseOutcome } from '../predict-case.ts';
import { readArray } from './arrays.ts';

/**
 * Runs the case of this element of an array job, on whichever node it came to.
 *
 * @param file What the array's elements read.
 * @throws HecktorError OPTION_INVALID where there is no such element; as `predictCase` does.
 */
export async function runElement(file: string, signal: AbortSignal): Promise<CaseOutcome> {
  const array = readArray(file);
  const index = Number(process.env['SLURM_ARRAY_TASK_ID']);
  const one = array?.cases[index];
  if (array === undefined || one === undefined) {
    throw new HecktorError('OPTION_INVALID', { detail: `--element: ${file} has no case ${index}` });
  }
  const memory = process.env['SLURM_MEM_PER_NODE'] ?? '0';
  // Not every cluster puts elements into control groups, from which a program would read it.
  if (memory !== '0') process.env['HECKTOR_MEMORY_LIMIT_MIB'] = memory;
  return predictCase(one, array.job, signal);
}
