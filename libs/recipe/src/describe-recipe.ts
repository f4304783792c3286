import { describeNnunet } from './describe-nnunet.ts';
import { describeType, type SchemaNode } from './describe-type.ts';
import { RECIPE_FORMATS, recipeJsonSchema } from './recipe-kinds.ts';

const THREADS =
  'Threads (`HECKTOR_THREADS`): the prepared tensor is equal to the last bit for any number of them. ' +
  'The logits of a network may differ in the last bits, as ONNX Runtime splits its sums by the number of ' +
  'threads; then a voxel whose largest logits are equal to that precision can get another label.';

/**
 * The reference of the recipe in Markdown, made from its schema: docs/recipe.md.
 *
 * @param nnunet - The text of the ready recipe for nnU-Net.
 */
export function describeRecipe(nnunet: string): string {
  const { allOf } = recipeJsonSchema() as { allOf: { then: SchemaNode }[] };
  const [segmentation, prediction] = allOf.map(({ then }) => then) as [SchemaNode, SchemaNode];
  const { preprocessing, postprocessing, models, tensor, inference, invert, cascade, ...more } =
    segmentation.properties!;
  const model = models!.items as SchemaNode;
  return [
    '<!-- Made from libs/recipe by `nx run recipe:docs`. Edit the schema, not this file. -->',
    '# The recipe: `pipeline.json`',
    'A recipe says how a model was trained to see its input. It lies in `apps/taskN/resources/` ' +
      'beside the weights. The schema is `docs/schema/pipeline.schema.json`; name it under ' +
      '`$schema` and an editor completes and checks the recipe.',
    'Vectors are in the order x, y, z in voxels of the image unless said otherwise. Unknown keys ' +
      'and names are errors, with a suggestion for the one that was probably meant.',
    `Kinds of recipes (\`kind\`): ${Object.keys(RECIPE_FORMATS)
      .map((kind) => `\`${kind}\``)
      .join(', ')}.`,
    section('`segmentation`: Task 1', segmentation),
    section('`tensor`', tensor!),
    section('`models`: each entry', model),
    section('`inference`', inference!),
    section('`inference.skipOutside`', inference!.properties!['skipOutside']!),
    section('`invert`', invert!),
    section('`invert.logits`', invert!.properties!['logits']!),
    section('`cascade`', cascade!),
    section('`intake`', more['intake']!),
    '## `fallback`',
    ...entries(more['fallback']!, 'mask'),
    THREADS,
    section('`prediction`: Tasks 2 and 3', prediction),
    'How these work together, with an example: [prediction.md](prediction.md).',
    ...predictionParts(prediction),
    '## Preprocessing steps',
    ...steps(preprocessing!),
    '## Postprocessing steps',
    ...steps(postprocessing!),
    ...describeNnunet(nnunet),
  ].join('\n\n');
}

/** The parts of a prediction recipe that have fields of their own. */
function predictionParts({ properties = {} }: SchemaNode): string[] {
  const { inputs, segmentation, radiomics, features, models, head, stages, fallback } = properties;
  const model = models!.items as SchemaNode;
  const fusion = head!.oneOf!.find(({ properties }) => properties!['kind']!.const === 'fusion')!;
  const fused = fusion.properties!['inputs']!.items as SchemaNode;
  return [
    section('`inputs`: optional images', inputs!),
    section('`inputs`: each entry', {
      ...(inputs!.additionalProperties as SchemaNode),
      description: 'What stands in for an image that a case does not have.',
    }),
    section('`segmentation`', segmentation!),
    ...radiomicsParts(radiomics!),
    section('`models` of a prediction: each entry', model),
    section('`models` of a prediction: `inputs`', model.properties!['inputs']!),
    '## `features`: each entry',
    ...entries(features!.items as SchemaNode, 'encode'),
    '## `head`',
    ...entries(head!, 'kind'),
    section('`head` `fusion`: each entry of `inputs`', fused),
    '## `head` `fusion`: `scale`',
    ...entries(fused.properties!['scale']!, 'by'),
    section('`stages`: each entry', stages!.items as SchemaNode),
    section('`fallback` of a prediction', fallback!),
  ];
}

/** PyRadiomics' settings are of one kind wherever they stand. */
function radiomicsParts({ description, additionalProperties }: SchemaNode): string[] {
  const entry = additionalProperties as SchemaNode;
  const params = entry.properties!['params']!;
  const setting = params.properties!['setting']!;
  return [
    section('`radiomics`: each entry', { ...entry, description: description! }),
    section('`radiomics`: `params`', params),
    section('`radiomics`: `params.setting`', setting),
  ];
}

function section(title: string, schema: SchemaNode): string {
  return [`## ${title}`, schema.description ?? '', table(schema)].join('\n\n');
}

function steps(list: SchemaNode): string[] {
  return entries(list.items as SchemaNode, 'step');
}

/** A section for each schema that the field `tag` selects. */
function entries({ oneOf = [] }: SchemaNode, tag: string): string[] {
  return oneOf.map((schema) => {
    const name = String(schema.properties?.[tag]?.const);
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

/** A choice between objects is told by name, as its branches have tables of their own. */
function typeOf(key: string, schema: SchemaNode): string {
  const branches = Array.isArray(schema.items) ? undefined : schema.items?.oneOf;
  if (branches !== undefined) return key === 'features' ? 'list of encoders' : 'list of steps';
  return schema.oneOf === undefined ? describeType(schema) : 'object';
}

function row(key: string, schema: SchemaNode, required: boolean): string[] {
  if (key === 'step') return [];
  const type = typeOf(key, schema);
  const fallback =
    schema.default === undefined ? 'no' : `no, default \`${JSON.stringify(schema.default)}\``;
  const cells = [`\`${key}\``, type, required ? 'yes' : fallback, schema.description ?? ''];
  return [`| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`];
}
