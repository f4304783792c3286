import { RECIPE_SCHEMAS } from '../recipe/recipe-schema.ts';

/** The published JSON Schema (draft 7) of `pipeline.json`; the field `task` selects a branch. */
export function recipeJsonSchema(): Record<string, unknown> {
  const branches = Object.entries(RECIPE_SCHEMAS);
  const schema = {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'HECKTOR recipe',
    description: 'How a model was trained to see its input: pipeline.json, beside its weights.',
    type: 'object',
    required: ['task'],
    properties: { task: { enum: branches.map(([task]) => task) } },
    allOf: branches.map(([task, then]) => ({
      if: { properties: { task: { const: task } } },
      then,
    })),
  };
  // Through text, so that nothing but plain JSON is left of TypeBox's objects.
  return JSON.parse(JSON.stringify(schema)) as Record<string, unknown>;
}
