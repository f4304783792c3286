import { CATALOGUE, type ErrorCode } from '@hecktor/errors';
import type { RunObservation } from './run-observation.ts';
import { SYMPTOMS } from './symptoms.ts';

/** A failure that is known by its looks: what it is, why it usually happens, what helps. */
export interface RecognisedSymptom {
  /** Its entry in the error catalogue and in docs/errors.md. */
  readonly code: ErrorCode;
  readonly title: string;
  readonly cause: string;
  readonly fix: string;
  /** Where docs/errors.md explains it, e.g. `docs/errors.md#out_of_memory`. */
  readonly docs: string;
}

/**
 * Names the failure behind a container's end, from its exit code and its last words.
 *
 * @returns undefined for a run that ended well and for a failure nobody has described yet.
 */
export function recogniseSymptom(observation: RunObservation): RecognisedSymptom | undefined {
  const found = SYMPTOMS.find(({ shows }) => shows(observation));
  if (found === undefined) return undefined;
  const { what, cause, fix } = CATALOGUE[found.code];
  return {
    code: found.code,
    title: what,
    cause,
    fix,
    docs: `docs/errors.md#${found.code.toLowerCase()}`,
  };
}
