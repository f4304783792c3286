import { RECIPE_SCHEMAS } from '../recipe/recipe-schema.ts';
import { describeType, type SchemaNode } from './describe-type.ts';
import { recipeJsonSchema } from './recipe-json-schema.ts';

/** The reference of the recipe in Markdown, made from its schema: docs/recipe.md. */
export function describeRecipe(): string {
  const { allOf } = recipeJsonSchema() as { allOf: { then: SchemaNode }[] };
  const [segmentation, prediction] = allOf.map(({ then }) => then) as [SchemaNode, SchemaNode];
  const { preprocessing, postprocessing, models, tensor, inference, restore } =
    segmentation.properties!;
  const model = models!.items as SchemaNode;
  return [
    '<!-- Made from libs/pipeline by `nx run pipeline:docs`. Edit the schema, not this file. -->',
    '# The recipe: `pipeline.json`',
    'A recipe says how a model was trained to see its input. It lies in `apps/taskN/resources/` ' +
      'beside the weights. The schema is `docs/schema/pipeline.schema.json`; name it under ' +
      '`$schema` and an editor completes and checks the recipe.',
    'Vectors are in the order x, y, z in voxels of the image unless said otherwise. Unknown keys ' +
      'and names are errors, with a suggestion for the one that was probably meant.',
    `Kinds of recipes (\`task\`): ${Object.keys(RECIPE_SCHEMAS)
      .map((task) => `\`${task}\``)
      .join(', ')}.`,
    section('`segmentation`: Task 1', segmentation),
    section('`tensor`', tensor!),
    section('`models`: each entry', model),
    section('`inference`', inference!),
    section('`restore`', restore!),
    section('`prediction`: Tasks 2 and 3', prediction),
    '## Preprocessing steps',
    ...steps(preprocessing!),
    '## Postprocessing steps',
    ...steps(postprocessing!),
  ].join('\n\n');
}

function section(title: string, schema: SchemaNode): string {
  return [`## ${title}`, schema.description ?? '', table(schema)].join('\n\n');
}

function steps(list: SchemaNode): string[] {
  return ((list.items as SchemaNode).oneOf ?? []).map((schema) => {
    const name = String(schema.properties?.['step']?.const);
    return [`### \`${name}\``, schema.description ?? '', table(schema)].join('\n\n');
  });
}

function table(schema: SchemaNode): string {
  const required = new Set(schema.required ?? []);
  const rows = Object.entries(schema.properties ?? {}).flatMap(([key, value]) =>
    row(key, value, required.has(key)),
  );
  return ['| key | value | needed | what |', '| --- | --- | --- | --- |', ...rows].join('\n');
}

function row(key: string, schema: SchemaNode, required: boolean): string[] {
  if (key === 'step') return [];
  const isSteps = !Array.isArray(schema.items) && schema.items?.oneOf !== undefined;
  const type = isSteps ? 'list of steps' : describeType(schema);
  const fallback =
    schema.default === undefined ? 'no' : `no, default \`${JSON.stringify(schema.default)}\``;
  const cells = [`\`${key}\``, type, required ? 'yes' : fallback, schema.description ?? ''];
  return [`| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`];
}
