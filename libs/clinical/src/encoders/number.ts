import { HecktorError } from '@hecktor/errors';
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

/**
 * As scikit-learn's StandardScaler after an imputation by a constant: float64, rounded to float32 at
 * the end. Always finite: a value that float32 cannot hold is taken as missing.
 *
 * @throws HecktorError RECIPE_INVALID for settings that float32 cannot hold.
 */
export const numberEncoder: EncoderKind<NumberConfig> = {
  names: (config) => [config.of],
  encode(value, config) {
    const imputed = scaled(config.missing, config);
    if (!Number.isFinite(imputed)) {
      throw new HecktorError('RECIPE_INVALID', {
        detail: `missing, mean and scale of "${config.of}" give a number that float32 cannot hold`,
      });
    }
    if (value.kind === 'missing') return { numbers: [imputed] };
    const number = numberOf(value);
    const encoded = number === undefined ? NaN : scaled(number, config);
    if (Number.isFinite(encoded)) return { numbers: [encoded] };
    const fault = number === undefined ? 'no number' : 'too large for a network';
    return { numbers: [imputed], warning: `"${config.of}" is ${fault} and is taken as missing` };
  },
};

function scaled(number: number, { mean, scale }: NumberConfig): number {
  return Math.fround((number - mean) / scale);
}
