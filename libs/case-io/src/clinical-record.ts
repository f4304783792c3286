import { HecktorError } from '@hecktor/errors';
import { readJson } from './read-json.ts';

/** A patient's record as it was written: any value but the structure may be missing. */
export interface ClinicalInput {
  readonly record: Readonly<Record<string, unknown>>;
  readonly warnings: readonly string[];
}

/**
 * Reads a clinical record, an object of values by name.
 *
 * @throws HecktorError INPUT_JSON_INVALID
 */
export function readClinicalRecord(path: string): ClinicalInput {
  const { value, warnings } = readJson(path);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new HecktorError('INPUT_JSON_INVALID', {
      file: path,
      detail: 'expected an object of values by name',
    });
  }
  return { record: value as Record<string, unknown>, warnings };
}
