import { Type, type TSchema } from 'typebox';

/**
 * The schema of an object whose field `tag` says which of several schemas it follows. Ajv then
 * reports the faults of that one alone.
 */
export function taggedUnion<T>(tag: string, schemas: readonly TSchema[], description?: string) {
  return Type.Unsafe<T>({
    type: 'object',
    required: [tag],
    discriminator: { propertyName: tag },
    oneOf: schemas,
    ...(description !== undefined && { description }),
  });
}
