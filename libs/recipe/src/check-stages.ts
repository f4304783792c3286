import { suggestion } from '@hecktor/errors';
import { checkWeights } from './check-recipe.ts';
import type { FusionScale } from './fusion-schema.ts';
import type { HeadOf } from './head-schema.ts';
import type { PredictionRecipe } from './prediction-schema.ts';
import type { RecipeTask } from './recipe-format.ts';
import {
  answerKinds,
  answerNames,
  FROM_SEGMENTATION,
  isStageAnswer,
  seesImages,
  type AnswerKind,
  type Stage,
} from './stages.ts';

/** What the stages before one answer, by their names. */
type Earlier = ReadonlyMap<string, AnswerKind>;

/**
 * Faults of the stages of a prediction: of their heads, and of what they take from one another.
 *
 * @returns One sentence per fault.
 */
export function checkStages(
  recipe: PredictionRecipe,
  stages: readonly Stage[],
  task?: RecipeTask,
): string[] {
  const faults = checkShape(recipe);
  const kinds = answerKinds(stages);
  const earlier = new Map<string, AnswerKind>();
  for (const stage of stages) {
    const { name, head } = stage;
    const own = [
      ...(earlier.has(name) ? ['there is another stage of this name before it'] : []),
      ...(name === FROM_SEGMENTATION ? ['"outputs" take the label map by this name'] : []),
      ...checkHeadKind(head.kind, task),
      ...checkParts(stage),
      ...checkMissing(stage),
      ...checkAnswersUsed(stage, earlier),
      ...(head.kind === 'class' ? checkClassHead(head) : []),
      ...(head.kind === 'fusion' ? checkFusion(head, earlier) : []),
    ];
    faults.push(...own.map((fault) => (name === '' ? fault : `stage "${name}": ${fault}`)));
    earlier.set(name, kinds.get(name)!);
  }
  return faults;
}

/** A recipe is one stage itself or lists stages. */
function checkShape({ stages, head, models, features = [] }: PredictionRecipe): string[] {
  if (stages === undefined) {
    return head === undefined ? ['the recipe lacks "head" (or "stages")'] : [];
  }
  const given = Object.entries({ head, models, features: features[0] });
  const beside = given.flatMap(([key, value]) => (value === undefined ? [] : [`"${key}"`]));
  return beside.length === 0
    ? []
    : [`the recipe has "stages" and ${beside.join(' and ')}, expected them within a stage`];
}

function checkHeadKind(kind: string, task: RecipeTask | undefined): string[] {
  if (task === undefined) return [];
  const heads = task.recipe.kind === 'prediction' ? task.recipe.heads : [];
  return heads.includes(kind)
    ? []
    : [`head.kind is "${kind}", ${task.name} takes ${heads.join(' or ')}`];
}

/** Networks, features and images that a stage has and does not use, or uses and does not have. */
function checkParts(stage: Stage): string[] {
  const { name, models, features, tensor, head } = stage;
  const here = name === '' ? 'the recipe' : 'it';
  const takesNetworks = !['cox', 'survival-trees', 'fusion'].includes(head.kind);
  const faults = checkWeights(models);
  if (!takesNetworks && models.length > 0) {
    faults.push(`${here} has "models", which the head "${head.kind}" does not take`);
  }
  if (head.kind === 'fusion') {
    if (features.length > 0) faults.push(`${here} has "features", but its head takes "inputs"`);
    return faults;
  }
  if (models.length === 0) {
    if (features.length > 0) return faults;
    return [...faults, `${here} has neither "models" nor "features"`];
  }
  const takesFeatures = models.some(({ inputs }) => inputs.features !== undefined);
  if (takesFeatures && features.length === 0) {
    faults.push(`a model has an input for features, but ${here} has no "features"`);
  }
  if (!takesFeatures && features.length > 0) {
    faults.push(`${here} has "features", but no entry of models has "inputs.features"`);
  }
  if (seesImages(stage) && tensor === undefined) {
    faults.push(`a model has an input for the image, but ${here} has no "tensor"`);
  }
  return faults;
}

/** Values that stay missing where nothing can do with them. */
function checkMissing(stage: Stage): string[] {
  const { features, head, models } = stage;
  const takesMissing = models.length > 0 ? !seesImages(stage) : head.kind === 'survival-trees';
  return features.flatMap((feature, i) =>
    feature.encode === 'number' && feature.missing === null && !takesMissing
      ? [
          `features[${i}] (number).missing is null, which survival trees and networks of features ` +
            'alone take, expected a number',
        ]
      : [],
  );
}

/** Answers of stages that are not there before this one. */
function checkAnswersUsed({ features }: Stage, earlier: Earlier): string[] {
  const known = [...earlier].flatMap(([name, kind]) => answerNames(name, kind));
  return features.flatMap(({ of }, i) =>
    !isStageAnswer(of) || known.includes(of)
      ? []
      : [
          `features[${i}].of is "${of}", expected an answer of a stage before it` +
            (known.length === 0 ? '' : `: ${known.join(', ')}${suggestion(of, known)}`),
        ],
  );
}

function checkClassHead({
  positive,
  classes,
  among,
  gives = 'logits',
  decide,
}: HeadOf<'class'>): string[] {
  const faults: string[] = [];
  if ((positive === undefined) === (classes === undefined)) {
    faults.push('head has to have one of "positive" (true or false) and "classes" (their names)');
  }
  if (classes === undefined) {
    if (among !== undefined) faults.push('head.among needs "classes"');
    return faults;
  }
  if (decide !== 'argmax') faults.push('head.decide has to be "argmax" for "classes"');
  if (gives === 'logit' || gives === 'probability') {
    faults.push(`head.gives is "${gives}", which is one number, but there are several "classes"`);
  }
  return [...faults, ...checkAmong(among, classes)];
}

function checkAmong(among: readonly string[] = [], classes: readonly string[]): string[] {
  return among.flatMap((name) =>
    classes.includes(name)
      ? []
      : [
          `head.among has "${name}", expected some of ${classes.join(', ')}${suggestion(name, classes)}`,
        ],
  );
}

function checkFusion(
  { inputs, threshold, among, weighting = 'plain' }: HeadOf<'fusion'>,
  earlier: Earlier,
): string[] {
  const faults: string[] = [];
  const names = [...earlier.keys()];
  const classesOf = (of: string): readonly string[] | undefined => {
    const kind = earlier.get(of);
    return kind?.kind === 'class' ? kind.classes : undefined;
  };
  const sorted = (of: string): string => [...(classesOf(of) ?? [])].sort().join(', ');
  const first = inputs[0]!.of;
  inputs.forEach(({ of, scale }, i) => {
    if (!earlier.has(of)) {
      const stages = names.length === 0 ? 'there is none' : `one of ${names.join(', ')}`;
      faults.push(
        `head.inputs[${i}].of is "${of}", expected a stage before it: ${stages}${suggestion(of, names)}`,
      );
    } else if (sorted(of) !== sorted(first)) {
      faults.push(
        `head.inputs[${i}].of is "${of}" with ${sorted(of) || 'no classes'}, but "${first}" has ` +
          (sorted(first) || 'no classes'),
      );
    }
    if (scale === undefined) return;
    if (classesOf(of) !== undefined) {
      faults.push(`head.inputs[${i}] has a "scale", which probabilities of classes do not take`);
    }
    faults.push(...checkTable(scale, `head.inputs[${i}].scale.table`));
  });
  const classes = classesOf(first);
  if (classes === undefined && among !== undefined) faults.push('head.among needs classes');
  if (classes !== undefined && threshold !== undefined) {
    faults.push('head.threshold is for an answer true or false, but classes are fused');
  }
  const weights = inputs.map(({ weight = 1 }) => weight);
  const sum = weights.reduce((total, weight) => total + weight, 0);
  if (
    weighting === 'plain' &&
    !(weights.every((weight) => weight >= 0) && sum > 0 && sum < Infinity)
  ) {
    faults.push('head.inputs have weights without a mean, expected none below 0 and one above');
  }
  return [...faults, ...(classes === undefined ? [] : checkAmong(among, classes))];
}

function checkTable(scale: FusionScale, place: string): string[] {
  if (scale.by !== 'quantiles') return [];
  const { table } = scale;
  const at = table.findIndex((value, i) => i > 0 && value < table[i - 1]!);
  return at === -1 ? [] : [`${place} falls at index ${at}, expected it in rising order`];
}
