import { MISSING, type ClinicalRecord } from './clinical-value.ts';
import { encode, namesOf, type Encoder } from './encoders/index.ts';

/** A vector for a network. */
export interface FeatureVector {
  /** One finite number per name. */
  readonly vector: Float32Array;
  readonly names: readonly string[];
  /** What a person should know; no warning quotes a value. */
  readonly warnings: readonly string[];
}

/**
 * Encodes a patient's values by the entries of a recipe, in their order.
 *
 * @param values - By name; what is not there is missing.
 * @throws HecktorError RECIPE_INVALID for settings that float32 cannot hold.
 */
export function encodeFeatures(
  values: ClinicalRecord,
  encoders: readonly Encoder[],
): FeatureVector {
  const encoded = encoders.map((config) => encode(valueAt(values, config.of), config));
  return {
    vector: Float32Array.from(encoded.flatMap(({ numbers }) => numbers)),
    names: featureNames(encoders),
    warnings: encoded.flatMap(({ warning }) => (warning === undefined ? [] : [warning])),
  };
}

/** Names of the numbers of a vector, e.g. `Age`, `Gender_1`, `Age missing`. */
export function featureNames(encoders: readonly Encoder[]): string[] {
  return encoders.flatMap((config) => namesOf(config));
}

function valueAt(values: ClinicalRecord, name: string) {
  return Object.hasOwn(values, name) ? values[name]! : MISSING;
}
