import { Type, type Static } from 'typebox';
import { numberOf } from '../clinical-value.ts';
import { closed, of, type EncoderKind } from './encoder.ts';

export const NUMBER_SCHEMA = Type.Object(
  {
    encode: Type.Literal('number'),
    of,
    missing: Type.Number({
      description: 'What stands for a missing value, e.g. the median of training.',
    }),
    mean: Type.Number({ description: 'Taken off.' }),
    scale: Type.Number({
      exclusiveMinimum: 0,
      description: 'Divided by: the standard deviation in training.',
    }),
  },
  { ...closed, description: 'A number: (value - mean) / scale, in float64 and then float32.' },
);

export type NumberConfig = Static<typeof NUMBER_SCHEMA>;

/** As scikit-learn's StandardScaler after an imputation by a constant. */
export const numberEncoder: EncoderKind<NumberConfig> = {
  names: (config) => [config.of],
  encode(value, config) {
    const number = numberOf(value);
    const encoded = ((number ?? config.missing) - config.mean) / config.scale;
    if (number !== undefined || value.kind === 'missing') return { numbers: [encoded] };
    return { numbers: [encoded], warning: `"${config.of}" is no number and is taken as missing` };
  },
};
