import { HecktorError } from '@hecktor/errors';
import { MISSING, numberIn, numberOf } from './clinical-value.ts';
import type { ClinicalRecord, ClinicalValue } from './clinical-value.ts';
import type { Encoder, NumberEncoder, OneHotEncoder } from './encoder-schema.ts';

interface FeatureVector {
  /** One number per name; NaN where a value is missing and its entry says that it stays so. */
  readonly vector: Float32Array;
  /** The same in float64. */
  readonly numbers: readonly number[];
  readonly names: readonly string[];
  /** What a person should know; no warning quotes a value. */
  readonly warnings: readonly string[];
}

interface Encoded {
  readonly numbers: readonly number[];
  readonly warning?: string;
}

/** Largest encoded number: float32 sums of its square stay far from overflow in a network. */
const LARGEST = 1e12;

/**
 * Encodes a patient's values by the entries of a recipe, in their order.
 *
 * @param values - By name; what is not there is missing.
 * @throws HecktorError RECIPE_INVALID for settings that float32 cannot hold, or an empty range.
 */
export function encodeFeatures(
  values: ClinicalRecord,
  encoders: readonly Encoder[],
): FeatureVector {
  const encoded = encoders.map((encoder): Encoded => {
    const value = Object.hasOwn(values, encoder.of) ? values[encoder.of]! : MISSING;
    switch (encoder.encode) {
      case 'number':
        return encodeNumber(value, encoder);
      case 'one-hot':
        return encodeOneHot(value, encoder);
      case 'missing-flag':
        return { numbers: [Number(isImputed(value, encoder.of, encoders))] };
    }
  });
  const numbers = encoded.flatMap((one) => one.numbers);
  return {
    vector: Float32Array.from(numbers),
    numbers,
    names: featureNames(encoders),
    warnings: encoded.flatMap(({ warning }) => warning ?? []),
  };
}

/** Names of the numbers of a vector, e.g. `Age`, `Gender_1`, `Age missing`. */
export function featureNames(encoders: readonly Encoder[]): string[] {
  return encoders.flatMap((encoder) => {
    if (encoder.encode !== 'one-hot') {
      return encoder.encode === 'number' ? encoder.of : `${encoder.of} missing`;
    }
    return encoder.categories.map((category) => `${encoder.of}_${category}`);
  });
}

/** Whether a value is missing, or a number that the entry of the same field takes as missing. */
function isImputed(value: ClinicalValue, name: string, encoders: readonly Encoder[]): boolean {
  if (value.kind === 'missing') return true;
  return encoders.some(
    (encoder) =>
      encoder.encode === 'number' && encoder.of === name && check(value, encoder).imputed,
  );
}

/**
 * As scikit-learn's StandardScaler after an imputation by a constant, in float64. Always finite, unless
 * a missing value stays one.
 */
function encodeNumber(value: ClinicalValue, encoder: NumberEncoder): Encoded {
  const { of, range } = encoder;
  const imputed = encoder.missing === null ? NaN : scaled(encoder.missing, encoder);
  if (encoder.missing !== null && !Number.isFinite(Math.fround(imputed))) {
    throw new HecktorError('RECIPE_INVALID', {
      detail: `missing, mean and scale of "${of}" give a number that float32 cannot hold`,
    });
  }
  if (range !== undefined && range[0]! > range[1]!) {
    throw new HecktorError('RECIPE_INVALID', {
      detail: `range of "${of}" is [${range.join(', ')}], expected the lower bound first`,
    });
  }
  if (value.kind === 'missing') return { numbers: [imputed] };
  const { number, fault, imputed: isMissing } = check(value, encoder);
  const numbers = [isMissing ? imputed : scaled(number, encoder)];
  if (fault === undefined) return { numbers };
  const use = isMissing ? 'taken as missing' : 'used as it is';
  return { numbers, warning: `"${of}" ${fault} and is ${use}` };
}

/** The number of a value, what is wrong with it and whether that makes it a missing one. */
function check(
  value: ClinicalValue,
  encoder: NumberEncoder,
): { readonly number: number; readonly fault?: string; readonly imputed: boolean } {
  const { range, outOfRange } = encoder;
  const number = numberOf(value);
  if (number === undefined) return { number: NaN, fault: 'is no number', imputed: true };
  if (!(Math.abs(scaled(number, encoder)) <= LARGEST)) {
    return { number, fault: 'is too large for a network', imputed: true };
  }
  if (range === undefined || (number >= range[0]! && number <= range[1]!)) {
    return { number, imputed: false };
  }
  const fault = `lies outside ${range[0]} to ${range[1]}, which the model was trained with,`;
  return { number, fault, imputed: outOfRange === 'missing' };
}

function scaled(number: number, { mean, scale }: NumberEncoder): number {
  return (number - mean) / scale;
}

/** As pandas' get_dummies with fixed columns and scikit-learn's OneHotEncoder that ignores. */
function encodeOneHot(value: ClinicalValue, encoder: OneHotEncoder): Encoded {
  const text = textOf(value) ?? encoder.missing;
  const numbers = columnsOf(text, encoder.categories, encoder.numbers ?? 'as-written');
  if (numbers.includes(1)) return { numbers };
  const zeros = `all columns of "${encoder.of}" are 0`;
  if (value.kind === 'missing') {
    const warning = `${zeros}: it is missing, and the model was not trained with "${encoder.missing}"`;
    return { numbers, warning };
  }
  const hint = columnsOf(text, encoder.categories, 'normalised').includes(1)
    ? ' as it is written, only as a number; "numbers": "normalised" in the recipe would take it'
    : '';
  return { numbers, warning: `${zeros}: the model was not trained with this value${hint}` };
}

function columnsOf(
  text: string,
  categories: readonly string[],
  numbers: 'as-written' | 'normalised',
): number[] {
  if (numbers === 'as-written') return categories.map((category) => Number(category === text));
  const wanted = normalisedCategory(text);
  const first = categories.findIndex((category) => normalisedCategory(category) === wanted);
  return categories.map((_, i) => Number(i === first));
}

function textOf(value: ClinicalValue): string | undefined {
  if (value.kind === 'boolean') return value.value ? 'True' : 'False';
  return value.kind === 'missing' ? undefined : value.text;
}

/** The identity of a normalised category: a number's value, a text without blanks around it. */
export function normalisedCategory(text: string): string {
  const number = numberIn(text);
  // -0 and 0 are one number.
  return number === undefined ? text.trim() : String(number + 0);
}
