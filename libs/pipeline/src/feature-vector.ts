import {
  CLINICAL_RECORD_SCHEMA,
  encodeFeatures,
  type ClinicalRecord,
  type ClinicalValue,
} from '@hecktor/clinical';
import { HecktorError } from '@hecktor/errors';
import type { Tensor } from '@hecktor/volume';
import { isComputed } from '@hecktor/recipe';
import { suggestion } from '@hecktor/errors';
import type { PredictionRecipe } from '@hecktor/recipe';
import type { RunContext } from './run-context.ts';

const FIELDS = Object.keys(CLINICAL_RECORD_SCHEMA.properties);

/**
 * The vector (1, F) of clinical and computed values by a recipe's encoders; undefined for a recipe
 * without features.
 *
 * @param computed - Values by name; what is not there is a missing value.
 * @throws HecktorError RECIPE_INVALID for encoders that make a number of no use, as a network must
 * never see one.
 */
export function featureVector(
  record: ClinicalRecord,
  computed: Readonly<Record<string, number>>,
  { features = [] }: Pick<PredictionRecipe, 'features'>,
  { log }: Pick<RunContext, 'log'>,
): Tensor | undefined {
  if (features.length === 0) return undefined;
  const values: Record<string, ClinicalValue> = { ...record };
  for (const { of } of features) {
    if (isComputed(of)) values[of] = computedValue(computed[of]);
    else if (!FIELDS.includes(of) && !Object.hasOwn(record, of)) {
      const field = `"${of}"${suggestion(of, FIELDS)}`;
      log.warn('the recipe uses a field that clinical records do not have', { field });
    }
  }
  const { vector, names, warnings } = encodeFeatures(values, features);
  for (const warning of warnings) log.warn('clinical value', { warning });
  vector.forEach((value, i) => {
    if (Number.isFinite(value)) return;
    throw new HecktorError('RECIPE_INVALID', {
      detail: `its features make no finite number of ${names[i]}`,
      cause: 'a mean or scale that cannot be right',
      fix: 'correct the entry of "features", or export the recipe again',
    });
  });
  log.info('features encoded', { features: names.length });
  return { data: vector, dims: [1, vector.length] };
}

function computedValue(value: number | undefined): ClinicalValue {
  return value === undefined ? { kind: 'missing' } : { kind: 'number', value, text: String(value) };
}
