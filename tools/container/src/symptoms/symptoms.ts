import type { ErrorCode } from '@hecktor/errors';
import type { RunObservation } from './run-observation.ts';

/** How one failure shows. */
export interface Symptom {
  readonly code: ErrorCode;
  shows(observation: RunObservation): boolean;
}

/** Tried in this order: the first that shows names the failure. */
export const SYMPTOMS: readonly Symptom[] = [
  { code: 'TIMEOUT', shows: ({ timedOut }) => timedOut },
  { code: 'OUT_OF_MEMORY', shows: ({ oomKilled, exitCode }) => oomKilled || exitCode === 137 },
];
