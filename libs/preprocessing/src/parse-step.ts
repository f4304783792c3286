import { HecktorError } from '@hecktor/errors';
import { Value } from 'typebox/value';
import { STEP_SCHEMAS, type StepConfig } from './steps/index.ts';

/**
 * Checks a recipe entry and fills in its defaults; the entry itself stays as it is.
 *
 * @throws HecktorError RECIPE_INVALID naming the field that is wrong.
 */
export function parseStep(entry: unknown): StepConfig {
  const name = (entry as { step?: unknown } | null | undefined)?.step;
  if (typeof name !== 'string' || !Object.hasOwn(STEP_SCHEMAS, name)) {
    throw new HecktorError('RECIPE_INVALID', {
      detail: `expected "step" to be one of ${Object.keys(STEP_SCHEMAS).join(', ')}, got ${JSON.stringify(name)}`,
    });
  }
  const schema = STEP_SCHEMAS[name as keyof typeof STEP_SCHEMAS];
  const filled = Value.Default(schema, structuredClone(entry));
  if (!Value.Check(schema, filled)) {
    const [first] = Value.Errors(schema, filled);
    const where = first?.instancePath === '' ? '' : ` at ${first?.instancePath}`;
    throw new HecktorError('RECIPE_INVALID', {
      detail: `step "${name}"${where} ${first?.message ?? 'does not fit its schema'}`,
    });
  }
  return filled as StepConfig;
}
