import { openAnswers, type CaseScore, type CohortCase, type Score } from '@hecktor/cohort';
import { isHecktorError } from '@hecktor/errors';
import { readVolume, toNumeric } from '@hecktor/image-io';
import {
  bootstrapScores,
  cropToLabels,
  pairedDifference,
  scoreLabels,
  type Difference,
  type Mask,
} from '@hecktor/metrics';
import { applyRules, imagesOfRule, type RuleImages } from '@hecktor/postprocessing';
import type { EvaluateOptions } from './evaluate.ts';
import { labelsOf, readMask, readTruth } from './score-segmentation.ts';
import { scoresOf, type ScoreOf } from './scores.ts';
import { scoreWithInterval } from './summarise.ts';
import { columnsOf, describeScore } from './text.ts';
import type { RuleSweep } from './sweep-rules.ts';

/** A score of one label by the values of one rule. */
interface SweepResult {
  readonly rule: Readonly<Record<string, unknown>>;
  readonly field: string;
  readonly score: string;
  /** The predictions as they are. */
  readonly without: Score;
  readonly values: readonly { readonly value: number; readonly score: Score }[];
  /** Undefined: no value is better than no rule. */
  readonly best: number | undefined;
  /** The best one minus no rule, paired. */
  readonly gain?: Difference & { readonly value: number };
  /**
   * The score of patients each of whom was left out when the value was chosen: what to expect of
   * choosing by this sweep. The best value's own score is optimistic, it was chosen on these patients.
   */
  readonly crossValidated: Score;
}

const FOLDS = 5;

/**
 * Applies a rule to the predicted masks with one value after another and scores each.
 *
 * @param rows Those of {@link evaluate}: patients without a mask stay as they are.
 */
export async function sweepRules(
  sweeps: readonly RuleSweep[],
  rows: readonly CaseScore[],
  options: EvaluateOptions,
): Promise<SweepResult[]> {
  const { cohort, task, predictions } = options;
  const answers = openAnswers(predictions, task);
  // By sweep, by value, a row per patient.
  const swept = sweeps.map(({ values }) => values.map((): CaseScore[] => []));
  for (const [i, one] of cohort.cases.entries()) {
    const row = rows[i]!;
    const answer = answers.of(one.id);
    const masks =
      row.status === 'scored' && 'file' in answer
        ? await readMasks(one, answer.file, options)
        : undefined;
    const images = masks === undefined ? {} : await readImages(one, sweeps);
    sweeps.forEach((sweep, s) => {
      sweep.values.forEach((value, v) => {
        swept[s]![v]!.push(
          masks === undefined ? row : { ...row, ...judge(masks, images, sweep, value, options) },
        );
      });
    });
  }
  return sweeps.flatMap((sweep, s) =>
    scoresOf(task, options.conventions)
      .filter(({ ranks }) => ranks === sweep.label.name)
      .map((definition) => choose(sweep, definition, rows, swept[s]!, options)),
  );
}

type Masks = readonly [truth: Mask, prediction: Mask];

/** Cut to what is labelled: rules and scores look at nothing else. */
async function readMasks(one: CohortCase, file: string, { task }: EvaluateOptions): Promise<Masks> {
  const truth = await readTruth(one, labelsOf(task));
  return cropToLabels(truth.mask, (await readMask(truth, file, labelsOf(task))).mask);
}

async function readImages(one: CohortCase, sweeps: readonly RuleSweep[]): Promise<RuleImages> {
  const names = new Set(sweeps.flatMap(({ values, ruleOf }) => imagesOfRule(ruleOf(values[0]!))));
  const entries = [...names].map(async (name) => {
    const file = one.images[name];
    return file === undefined ? [] : [[name, toNumeric(await readVolume(file))] as const];
  });
  return Object.fromEntries((await Promise.all(entries)).flat());
}

function judge(
  [truth, prediction]: Masks,
  images: RuleImages,
  { label, ruleOf }: RuleSweep,
  value: number,
  { conventions }: EvaluateOptions,
): Pick<CaseScore, 'labels'> {
  const mask = applyRules(prediction, [ruleOf(value)], images);
  // Nothing ranks by the distance, which would take most of the time.
  const [score] = scoreLabels(truth, mask, [label.value], { ...conventions, hd95: 'none' });
  return { labels: { [label.name]: score! } };
}

function choose(
  { field, values, ruleOf }: RuleSweep,
  definition: ScoreOf,
  without: readonly CaseScore[],
  swept: readonly (readonly CaseScore[])[],
  { conventions }: EvaluateOptions,
): SweepResult {
  const scoreOf = (rows: readonly CaseScore[]): Score =>
    scoreWithInterval(definition, rows, conventions).score;
  // No rule is a choice too, the first of equals.
  const choices = [without, ...swept];
  const best = bestOf(choices, definition);
  const resampled = (rows: readonly CaseScore[]) =>
    bootstrapScores(rows, definition.ofSample ?? definition.of, conventions);
  const held = Array.from({ length: FOLDS }, (_, fold) => {
    const chosen = bestOf(
      choices.map((rows) => rows.filter((_, i) => i % FOLDS !== fold)),
      definition,
    );
    return choices[chosen]!.filter((_, i) => i % FOLDS === fold);
  });
  const scores = choices.map(scoreOf);
  return {
    rule: { ...ruleOf(values[0]!), [field]: values },
    field,
    score: definition.name,
    without: scores[0]!,
    values: values.map((value, i) => ({ value, score: scores[i + 1]! })),
    best: best === 0 ? undefined : values[best - 1],
    ...(best !== 0 && {
      gain: {
        value: scores[best]!.value - scores[0]!.value,
        ...pairedDifference(resampled(without), resampled(choices[best]!)),
      },
    }),
    crossValidated: scoreOf(held.flat()),
  };
}

/** Which of several sets of rows has the best score; all that is ranked is better when higher. */
function bestOf(choices: readonly (readonly CaseScore[])[], { of }: ScoreOf): number {
  const values = choices.map((rows) => {
    try {
      return of(rows);
    } catch (error) {
      // Of few patients a score may not be defined.
      if (isHecktorError(error, 'INVALID_ARGUMENT')) return Number.NaN;
      throw error;
    }
  });
  return values.reduce((best, value, i) => (value > values[best]! ? i : best), 0);
}

/** The sweeps as text for people. */
export function describeSweeps(results: readonly SweepResult[]): string {
  return results
    .map(({ rule, field, score, without, values, best, gain, crossValidated }) => {
      const rows = [
        ['without', describeScore(without), ''],
        ...values.map(({ value, score }) => [
          `${field} ${value}`,
          describeScore(score),
          value === best ? 'best' : '',
        ]),
        ['cross-validated', describeScore(crossValidated), ''],
      ];
      const told =
        gain === undefined
          ? 'no value is better than no rule'
          : `best: ${gain.value.toFixed(3)} more than without (95 % ${gain.low.toFixed(3)} to ` +
            `${gain.high.toFixed(3)}, p ${gain.p.toFixed(3)}); optimistic, chosen on these patients`;
      return `${score}, ${field} of ${String(rule['step'])}, label ${String(rule['label'])}\n${columnsOf(rows)}  ${told}\n`;
    })
    .join('');
}
