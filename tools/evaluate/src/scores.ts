import type { CaseScore, ClassScore, NamedClassScore, Score, SurvivalScore } from '@hecktor/cohort';
import {
  aggregatedDice,
  aggregatedF1,
  areaUnderCurve,
  balancedAccuracy,
  concordanceIndex,
  confusionMatrix,
  f1Score,
  falsePositivesPerPatient,
  lesionSensitivity,
  meanDice,
  meanRecall,
  recalls,
  sensitivity,
  specificity,
  type ConfusionMatrix,
  type LabelScore,
  type Overlap,
} from '@hecktor/metrics';
import type { Conventions } from './conventions.ts';
import { labelsOf } from './score-segmentation.ts';
import type { ScoredTask } from './tasks.ts';

/** One score of a set, computed from its rows; rows that have nothing to it are left out. */
export type ScoreOf = Pick<Score, 'name' | 'isBetter' | 'ranks'> & {
  /** Throws a HecktorError, or is NaN, where it is not defined. */
  readonly of: (rows: readonly CaseScore[]) => number;
  /**
   * The same of a resample of the rows; absent: as `of`. What a set without a label counts by convention
   * says nothing of how far a score is known: such resamples have none.
   */
  readonly ofSample?: ScoreOf['of'];
  /** Absent: always. */
  readonly isKnown?: (rows: readonly CaseScore[]) => boolean;
};

/** The scores of a task, those that the challenge ranks by first. */
export function scoresOf(task: ScoredTask, conventions: Conventions): readonly ScoreOf[] {
  switch (task.evaluation.metric) {
    case 'dice':
      return labelsOf(task).flatMap(({ name }, i) =>
        i === 0 ? primaryScores(name, conventions) : nodalScores(name, conventions),
      );
    case 'concordance-index':
      return [
        score('C-index', 'higher', (rows) => concordanceIndex(survivalOf(rows), 'half'), task.name),
      ];
    case 'balanced-accuracy':
      if (task.output.kind === 'class') return classScores(task);
      return [
        score('balanced accuracy', 'higher', ofMatrix(balancedAccuracy), task.name),
        score('sensitivity', 'higher', ofMatrix(sensitivity)),
        score('specificity', 'higher', ofMatrix(specificity)),
        score('F1', 'higher', ofMatrix(f1Score)),
        {
          ...score('AUC', 'higher', (rows) => {
            const known = withProbability(rows);
            return areaUnderCurve(
              known.map(({ truth }) => truth),
              known.map(({ probability }) => probability),
            );
          }),
          isKnown: (rows) => withProbability(rows).length > 0,
        },
      ];
  }
}

function classScores({ name, output }: ScoredTask): ScoreOf[] {
  const of =
    (compute: (truth: string[], prediction: (string | undefined)[]) => number): ScoreOf['of'] =>
    (rows) => {
      const classes = namedClassesOf(rows);
      return compute(
        classes.map(({ truth }) => truth),
        classes.map(({ prediction }) => prediction),
      );
    };
  const names = output.kind === 'class' ? output.classes.map(String) : [];
  return [
    score('balanced accuracy', 'higher', of(meanRecall), name),
    ...names.map((one) =>
      score(
        `recall of ${one}`,
        'higher',
        of((truth, found) => recalls(truth, found).get(one) ?? NaN),
      ),
    ),
  ];
}

/** The share of a task's score that an output has: of masks the mean of the labels' mean DSC. */
export function mainScore(
  task: ScoredTask,
  conventions: Conventions,
): (rows: readonly CaseScore[]) => number {
  const { whenBothEmpty } = conventions;
  if (task.evaluation.metric !== 'dice') return scoresOf(task, conventions)[0]!.of;
  const names = labelsOf(task).map(({ name }) => name);
  return (rows) =>
    names.reduce(
      (sum, name) => sum + meanDice(labelScores(rows, name).map(overlapOf), whenBothEmpty),
      0,
    ) / names.length;
}

function withProbability(rows: readonly CaseScore[]): ClassScore[] {
  return classesOf(rows).filter(({ probability }) => !Number.isNaN(probability));
}

function primaryScores(label: string, { whenBothEmpty, whenAllEmpty }: Conventions): ScoreOf[] {
  const mean = (rows: readonly CaseScore[]) =>
    meanDice(labelScores(rows, label).map(overlapOf), whenBothEmpty);
  return [
    score(`mean ${label} DSC`, 'higher', mean, label),
    aggregated(label, 'DSCagg', diceOf, whenAllEmpty),
    hausdorffScore(label),
  ];
}

function nodalScores(label: string, { whenAllEmpty }: Conventions): ScoreOf[] {
  const of = (compute: (labels: readonly LabelScore[]) => number) => (rows: readonly CaseScore[]) =>
    compute(labelScores(rows, label));
  return [
    { ...aggregated(label, 'DSCagg', diceOf, whenAllEmpty), ranks: label },
    { ...aggregated(label, 'F1agg', aggregatedF1, whenAllEmpty), ranks: label },
    score(`${label} lesion sensitivity`, 'higher', of(lesionSensitivity)),
    score(`${label} false positives per patient`, 'lower', of(falsePositivesPerPatient)),
    hausdorffScore(label),
  ];
}

function aggregated(
  label: string,
  name: string,
  compute: (labels: readonly LabelScore[], whenAllEmpty: number) => number,
  whenAllEmpty: number,
): ScoreOf {
  const of = (whenEmpty: number) => (rows: readonly CaseScore[]) =>
    compute(labelScores(rows, label), whenEmpty);
  const whole = score(`${label} ${name}`, 'higher', of(whenAllEmpty));
  return { ...whole, ofSample: of(Number.NaN) };
}

function diceOf(labels: readonly LabelScore[], whenAllEmpty: number): number {
  return aggregatedDice(labels.map(overlapOf), whenAllEmpty);
}

function hausdorffScore(label: string): ScoreOf {
  return score(`${label} HD95 (mm)`, 'lower', (rows) => {
    const distances = labelScores(rows, label)
      .map(({ hd95 }) => hd95)
      .filter(Number.isFinite);
    return distances.reduce((sum, distance) => sum + distance, 0) / distances.length;
  });
}

function score(
  name: string,
  isBetter: Score['isBetter'],
  of: ScoreOf['of'],
  ranks?: string,
): ScoreOf {
  return { name, isBetter, ranks, of };
}

/** The scores of a label in the rows that have it. */
export function labelScores(rows: readonly CaseScore[], label: string): LabelScore[] {
  return rows.flatMap(({ labels }) => (labels?.[label] === undefined ? [] : [labels[label]]));
}

function overlapOf(score: LabelScore): Overlap {
  const { truthVolume, predictedVolume, intersectionVolume } = score;
  return {
    truth: truthVolume,
    prediction: predictedVolume,
    intersection: intersectionVolume,
    // The volumes are in mm³ already.
    voxelVolume: 1,
  };
}

export function survivalOf(rows: readonly CaseScore[]): SurvivalScore[] {
  return rows.flatMap(({ survival }) => (survival === undefined ? [] : [survival]));
}

export function classesOf(rows: readonly CaseScore[]): ClassScore[] {
  return rows.flatMap(({ classification }) =>
    classification === undefined ? [] : [classification],
  );
}

export function namedClassesOf(rows: readonly CaseScore[]): NamedClassScore[] {
  return rows.flatMap(({ namedClass }) => (namedClass === undefined ? [] : [namedClass]));
}

function ofMatrix(compute: (matrix: ConfusionMatrix) => number): ScoreOf['of'] {
  return (rows) => compute(matrixOf(rows));
}

/** No answer is the wrong one. */
export function matrixOf(rows: readonly CaseScore[]): ConfusionMatrix {
  const classes = classesOf(rows);
  return confusionMatrix(
    classes.map(({ truth }) => truth),
    classes.map(({ truth, prediction }) => prediction ?? !truth),
  );
}
