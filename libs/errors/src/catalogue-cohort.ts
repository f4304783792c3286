import { EXIT } from './exit-codes.ts';

/** Failures of scoring a labelled set of patients. */
export const COHORT_ERRORS = {
  COHORT_INVALID: {
    what: 'the labelled set cannot be scored',
    cause: 'a folder that is not laid out as the training set of the challenge is',
    fix: 'lay it out as docs/evaluate.md shows: a table HECKTOR_2025_Training_Task_<n>.csv and a folder per patient',
    exitCode: EXIT.input,
  },
  DIRECTION_INVERTED: {
    what: 'the risk orders patients the wrong way round',
    cause: 'a network trained on times instead of risks, or a sign that was lost on the way',
    fix: 'set head.higherIs in pipeline.json to the other direction',
    exitCode: EXIT.check,
  },
} as const;
