import { HecktorError } from '@hecktor/errors';
import type { Static, TSchema } from 'typebox';
import { Value } from 'typebox/value';

/** The error for a survival model that is not as its format says. */
export function modelInvalid(file: string, detail: string, origin?: unknown): HecktorError {
  return new HecktorError('SURVIVAL_MODEL_INVALID', { file, detail, origin });
}

/**
 * Reads JSON that a schema describes.
 *
 * @throws HecktorError SURVIVAL_MODEL_INVALID naming the entry that is wrong.
 */
export function readSchema<T extends TSchema>(text: string, schema: T, file: string): Static<T> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (origin) {
    throw modelInvalid(file, 'it is not JSON', origin);
  }
  if (Value.Check(schema, value)) return value;
  const [first] = Value.Errors(schema, value);
  const where = first === undefined || first.instancePath === '' ? 'it' : first.instancePath;
  const unknown = first?.keyword === 'boolean';
  throw modelInvalid(
    file,
    `${where} ${unknown ? 'is unknown' : (first?.message ?? 'does not fit')}`,
  );
}
