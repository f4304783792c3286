import {
  CLINICAL_RECORD_SCHEMA,
  encodeFeatures,
  type ClinicalRecord,
  type ClinicalValue,
} from '@hecktor/clinical';
import { HecktorError, suggestion } from '@hecktor/errors';
import type { Tensor } from '@hecktor/volume';
import { isComputed, isStageAnswer, type Stage } from '@hecktor/recipe';
import type { RunContext } from './run-context.ts';

const FIELDS = Object.keys(CLINICAL_RECORD_SCHEMA.properties);

/** The numbers of a stage's features. */
interface EncodedFeatures {
  /** As networks take them: (1, F), float32. */
  readonly tensor: Tensor;
  /** In float64. NaN: a missing value that the recipe passes on. */
  readonly numbers: readonly number[];
}

/**
 * The vector of clinical and computed values by the encoders of a stage; undefined for one without
 * features.
 *
 * @param computed - Values by name, answers of earlier stages among them; what is not there is a
 * missing value.
 * @throws HecktorError RECIPE_INVALID for encoders that make a number of no use, as a network must
 * never see one.
 */
export function featureVector(
  record: ClinicalRecord,
  computed: Readonly<Record<string, number>>,
  { features }: Pick<Stage, 'features'>,
  { log }: Pick<RunContext, 'log'>,
): EncodedFeatures | undefined {
  if (features.length === 0) return undefined;
  const values: Record<string, ClinicalValue> = { ...record };
  for (const { of } of features) {
    if (isComputed(of) || isStageAnswer(of)) values[of] = computedValue(computed[of]);
    else if (!FIELDS.includes(of) && !Object.hasOwn(record, of)) {
      const field = `"${of}"${suggestion(of, FIELDS)}`;
      log.warn('the recipe uses a field that clinical records do not have', { field });
    }
  }
  const { vector, numbers, names, warnings } = encodeFeatures(values, features);
  for (const warning of warnings) log.warn('clinical value', { warning });
  vector.forEach((value, i) => {
    if (Number.isFinite(value) || Number.isNaN(numbers[i])) return;
    throw new HecktorError('RECIPE_INVALID', {
      detail: `its features make no finite number of ${names[i]}`,
      cause: 'a mean or scale that cannot be right',
      fix: 'correct the entry of "features", or export the recipe again',
    });
  });
  log.info('features encoded', { features: names.length });
  return { tensor: { data: vector, dims: [1, vector.length] }, numbers };
}

function computedValue(value: number | undefined): ClinicalValue {
  return value === undefined ? { kind: 'missing' } : { kind: 'number', value, text: String(value) };
}
