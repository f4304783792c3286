import type { ClinicalValue } from '../clinical-value.ts';
import type { Encoded } from './encoder.ts';
import { MISSING_FLAG_SCHEMA, missingFlagEncoder, type MissingFlagConfig } from './missing-flag.ts';
import { NUMBER_SCHEMA, numberEncoder, type NumberConfig } from './number.ts';
import { ONE_HOT_SCHEMA, oneHotEncoder, type OneHotConfig } from './one-hot.ts';

/** The schema of each kind of entry of a recipe's `features`, by its `encode`. */
export const ENCODER_SCHEMAS = {
  number: NUMBER_SCHEMA,
  'one-hot': ONE_HOT_SCHEMA,
  'missing-flag': MISSING_FLAG_SCHEMA,
} as const;

/** One entry of a recipe's `features`. */
export type Encoder = NumberConfig | OneHotConfig | MissingFlagConfig;

/** Names of the numbers that an entry gives. */
export function namesOf(config: Encoder): readonly string[] {
  switch (config.encode) {
    case 'number':
      return numberEncoder.names(config);
    case 'one-hot':
      return oneHotEncoder.names(config);
    case 'missing-flag':
      return missingFlagEncoder.names(config);
  }
}

/** Encodes one value by its entry. */
export function encode(value: ClinicalValue, config: Encoder): Encoded {
  switch (config.encode) {
    case 'number':
      return numberEncoder.encode(value, config);
    case 'one-hot':
      return oneHotEncoder.encode(value, config);
    case 'missing-flag':
      return missingFlagEncoder.encode(value, config);
  }
}
