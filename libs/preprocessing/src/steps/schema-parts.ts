import { Type } from 'typebox';
import type { TProperties } from 'typebox';

/** Schema of a vector in voxels along x, y, z. */
export function voxelVector(description: string, minimum = 1) {
  const part = Type.Integer({ minimum });
  return Type.Tuple([part, part, part], { description });
}

/** Schema of the name of an image. */
export function imageName(description: string) {
  return Type.String({ minLength: 1, description });
}

/**
 * Schema of a recipe entry; keys it does not know are refused. What has a default may be left out
 * of a recipe; in the static type it is there, because defaults are filled in before a step runs.
 */
export function stepSchema<const Name extends string, Properties extends TProperties>(
  name: Name,
  description: string,
  properties: Properties,
) {
  const step = Type.Literal(name, { description: 'Selects this step.' });
  const schema = Type.Object(
    { step, ...properties },
    { title: name, description, additionalProperties: false },
  );
  const required = [
    'step',
    ...Object.keys(properties).filter(
      (key) => !hasDefault(properties[key]) && !Type.IsOptional(properties[key]),
    ),
  ];
  return Object.assign(schema, { required });
}

function hasDefault(schema: object | undefined): boolean {
  return schema !== undefined && 'default' in schema;
}
