import { suggestion } from '@hecktor/errors';
import type { TaskOutput } from '@hecktor/case-io';
import type { FallbackMask } from './failure-schema.ts';
import type { PredictionRecipe } from './prediction-schema.ts';
import type { RecipeTask } from './recipe-format.ts';
import {
  answerKinds,
  FROM_SEGMENTATION,
  outputSources,
  type AnswerKind,
  type Stage,
} from './stages.ts';

/** What an output can hold: the answer of a stage or a label map. */
type OutputKind = AnswerKind | { readonly kind: 'label-map' };

/**
 * Faults of `outputs` and `fallback`: what a task writes must come from where it can.
 *
 * @returns One sentence per fault.
 */
export function checkOutputs(
  recipe: PredictionRecipe,
  stages: readonly Stage[],
  task?: RecipeTask,
): string[] {
  if (stages.length === 0) return [];
  if (recipe.outputs !== undefined && recipe.stages === undefined) {
    return ['"outputs" name "stages", of which the recipe has none'];
  }
  const kinds = new Map<string, OutputKind>(answerKinds(stages));
  if (recipe.segmentation !== undefined) kinds.set(FROM_SEGMENTATION, { kind: 'label-map' });
  const faults = Object.entries(recipe.outputs ?? {}).flatMap(([name, source]) => {
    const known = [...kinds.keys()];
    return kinds.has(source)
      ? []
      : [
          `outputs.${name} is "${source}", expected one of ${known.join(', ')}` +
            suggestion(source, known),
        ];
  });
  const outputs = task?.outputs ?? [];
  // Without a task nobody knows what the only output is called.
  const names = task === undefined ? ['output'] : outputs.map(({ name }) => name);
  const sources = outputSources(recipe, names);
  return [
    ...faults,
    ...(task === undefined ? [] : checkNames(sources, task.name, names)),
    ...outputs.flatMap((output) => checkKind(output, sources[output.name], kinds)),
    ...checkFallback(recipe, sources, kinds),
  ];
}

/** Outputs that the task does not write, or the recipe does not say. */
function checkNames(
  sources: Readonly<Record<string, string>>,
  task: string,
  names: readonly string[],
): string[] {
  const given = Object.keys(sources);
  return [
    ...given.flatMap((name) =>
      names.includes(name)
        ? []
        : [`outputs has "${name}", which ${task} does not write${suggestion(name, names)}`],
    ),
    ...names.flatMap((name) =>
      given.includes(name) ? [] : [`outputs lacks "${name}", which ${task} writes`],
    ),
  ];
}

/** Whether an output can hold what it is to get. */
function checkKind(
  output: TaskOutput,
  source: string | undefined,
  kinds: ReadonlyMap<string, OutputKind>,
): string[] {
  const found = kinds.get(source ?? '');
  if (found === undefined) return [];
  const what = source === '' ? 'the head' : `"${source}"`;
  if (found.kind !== output.kind) {
    const remedy =
      output.kind === 'number' && found.kind !== 'label-map'
        ? ': write "kind": "risk", "column": 1 for the probability of class 1 as a risk, or use it ' +
          'inside a stage'
        : '';
    return [
      `the output "${output.name}" is a ${output.kind}, but ${what} gives a ${found.kind}${remedy}`,
    ];
  }
  if (found.kind !== 'class' || output.kind !== 'class') return [];
  const classes = output.classes.map(String);
  const unknown = found.among.filter((name) => !classes.includes(name));
  if (unknown.length === 0) return [];
  return [
    `the output "${output.name}" is one of ${classes.join(', ')}, but ${what} may give ` +
      `${unknown.join(', ')}: rename "classes" of the head, or leave them out of "among"`,
  ];
}

function checkFallback(
  { fallback }: PredictionRecipe,
  sources: Readonly<Record<string, string>>,
  kinds: ReadonlyMap<string, OutputKind>,
): string[] {
  if (fallback === undefined) return [];
  const { value, outputs } = fallback;
  const wanted = Object.entries(sources);
  if ((value === undefined) === (outputs === undefined)) {
    return ['fallback has to have one of "value" and "outputs"'];
  }
  if (value !== undefined && wanted.length > 1) {
    return ['fallback.value is for one output, but there are several: write "outputs"'];
  }
  const given = outputs ?? { [wanted[0]![0]]: value! };
  const names = Object.keys(sources);
  const unknown = Object.keys(given).filter((name) => !names.includes(name));
  return [
    ...unknown.map((name) => `fallback.outputs has "${name}"${suggestion(name, names)}`),
    ...wanted.flatMap(([name, source]) => {
      const kind = kinds.get(source);
      const place = outputs === undefined ? 'fallback.value' : `fallback.outputs.${name}`;
      return kind === undefined || fits(given[name], kind)
        ? []
        : [`${place} is ${JSON.stringify(given[name])}, expected ${inWords(kind)}`];
    }),
  ];
}

function fits(
  value: boolean | number | string | FallbackMask | undefined,
  kind: OutputKind,
): boolean {
  switch (kind.kind) {
    case 'class':
      return typeof value === 'string' && kind.among.includes(value);
    case 'label-map':
      return typeof value === 'object';
    default:
      return typeof value === kind.kind;
  }
}

function inWords(kind: OutputKind): string {
  switch (kind.kind) {
    case 'class':
      return `one of ${kind.among.join(', ')}`;
    case 'label-map':
      return 'a mask';
    case 'boolean':
      return 'true or false';
    case 'number':
      return 'a risk, a number';
  }
}
