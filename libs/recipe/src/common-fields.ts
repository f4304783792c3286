import { STEP_SCHEMAS, type StepConfig } from '@hecktor/preprocessing';
import { Type, type TSchema } from 'typebox';
import { TensorSchema } from './inference-schema.ts';
import { taggedUnion } from './tagged-union.ts';

/** A list of entries whose field `step` says which schema they follow. */
export function stepList<T>(schemas: readonly TSchema[], description: string) {
  return Type.Array(taggedUnion<T>('step', schemas), { maxItems: 64, description });
}

/** What recipes of every kind have. */
export const commonFields = {
  $schema: Type.Optional(
    Type.String({ description: 'Where editors find the schema, for completion.' }),
  ),
  version: Type.Literal(1, { description: 'Version of the recipe format.' }),
  name: Type.String({ minLength: 1, maxLength: 100, description: 'For the log.' }),
  description: Type.Optional(Type.String({ description: 'For people.' })),
  preprocessing: stepList<StepConfig>(
    Object.values(STEP_SCHEMAS),
    'What is done with the images, in this order. Vectors are x, y, z.',
  ),
  tensor: TensorSchema,
};
