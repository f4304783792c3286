import { RECIPE_SCHEMAS } from './recipe-schema.ts';

/** The published JSON Schema (draft 7) of `pipeline.json`; the field `kind` selects a branch. */
export function recipeJsonSchema(): Record<string, unknown> {
  const branches = Object.entries(RECIPE_SCHEMAS);
  const schema = {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'HECKTOR recipe',
    description: 'How a model was trained to see its input: pipeline.json, beside its weights.',
    type: 'object',
    required: ['kind'],
    properties: { kind: { enum: branches.map(([kind]) => kind) } },
    allOf: branches.map(([kind, then]) => ({
      if: { properties: { kind: { const: kind } } },
      then,
    })),
  };
  // Through text, so that nothing but plain JSON is left of TypeBox's objects.
  return JSON.parse(JSON.stringify(schema)) as Record<string, unknown>;
}
