import { Type, type Static } from 'typebox';
import { closed, of, type EncoderKind } from './encoder.ts';

export const MISSING_FLAG_SCHEMA = Type.Object(
  { encode: Type.Literal('missing-flag'), of },
  { ...closed, description: '1 when the value is missing, else 0.' },
);

export type MissingFlagConfig = Static<typeof MISSING_FLAG_SCHEMA>;

/** Tells a network which values were imputed. */
export const missingFlagEncoder: EncoderKind<MissingFlagConfig> = {
  names: (config) => [`${config.of} missing`],
  encode: (value) => ({ numbers: [Number(value.kind === 'missing')] }),
};
