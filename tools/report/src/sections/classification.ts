import * as Plot from '@observablehq/plot';
import type { CaseScore, ClassScore, Score } from '@hecktor/cohort';
import {
  areaUnderCurve,
  balancedAccuracy,
  confusionMatrix,
  sensitivity,
  specificity,
  type ConfusionMatrix,
} from '@hecktor/metrics';
import { chart, SERIES } from '../chart.ts';
import { markup, type Markup } from '../markup.ts';
import { bestPoint, rocCurve, type RocPoint } from '../statistics/roc.ts';
import { count, format } from '../table.ts';
import { classOf, confusionTable } from './confusion.ts';

type Predicted = ClassScore & { readonly prediction: boolean };

/** Confusion matrix, and where probabilities are known the ROC curve and thresholds. */
export function booleanClasses(cases: readonly CaseScore[], scores: readonly Score[]): Markup {
  const patients = cases
    .flatMap(({ classification }) => classification ?? [])
    .filter((one): one is Predicted => one.prediction !== undefined);
  if (patients.length === 0) return markup`<p>No prediction to show.</p>`;
  const matrix = confusionMatrix(
    patients.map(({ truth }) => truth),
    patients.map(({ prediction }) => prediction),
  );
  const known = patients.filter(({ probability }) => !Number.isNaN(probability));
  const hasCurve = new Set(known.map(({ truth }) => truth)).size === 2;
  const words = cases.flatMap((one) => classOf(one) ?? []);
  const recallOf = (name: string) => {
    const wanted = name === 'positive' ? 'sensitivity' : 'specificity';
    return scores.find((score) => score.name === wanted);
  };
  return markup`<div class="charts">${hasCurve ? rocChart(known, matrix) : markup`<p class="note">No ROC curve: it needs probabilities and patients of both classes.</p>`}
<div>${confusionTable(['positive', 'negative'], words, recallOf)}${hasCurve && thresholdText(known, matrix)}</div></div>`;
}

function rocChart(patients: readonly Predicted[], matrix: ConfusionMatrix): Markup {
  const truth = patients.map((one) => one.truth);
  const probabilities = patients.map(({ probability }) => probability);
  const curve = rocCurve(truth, probabilities);
  const used = [{ sensitivity: sensitivity(matrix), specificity: specificity(matrix) }];
  const x = (point: Pick<RocPoint, 'specificity'>) => 1 - point.specificity;
  const area = format(areaUnderCurve(truth, probabilities));
  return chart({
    title: `ROC curve, area ${area}`,
    description: `Of ${count(patients.length, 'patient')} with a known probability. The dot is where the predictions as given lie; along the dashed line, chance.`,
    height: 400,
    width: 420,
    x: { domain: [0, 1], grid: true, label: '1 - specificity' },
    y: { domain: [0, 1], grid: true, label: 'Sensitivity' },
    marks: [
      Plot.line(
        [
          [0, 0],
          [1, 1],
        ],
        { strokeDasharray: '4 4', strokeOpacity: 0.6 },
      ),
      Plot.line(curve, { x, y: 'sensitivity', stroke: SERIES[0], strokeWidth: 2.2 }),
      Plot.dot(used, { x, y: 'sensitivity', fill: 'currentColor', r: 6 }),
      Plot.text(used, { x, y: 'sensitivity', text: ['as predicted'], dx: 10, textAnchor: 'start' }),
    ],
  });
}

function thresholdText(patients: readonly Predicted[], matrix: ConfusionMatrix): Markup {
  const of = (isPositive: boolean) =>
    patients.filter(({ prediction }) => prediction === isPositive).map((one) => one.probability);
  const [highest, lowest] = [Math.max(...of(false)), Math.min(...of(true))];
  const used =
    highest < lowest && Number.isFinite(highest) && Number.isFinite(lowest)
      ? markup`The predictions turn positive between the probabilities ${format(highest)} and ${format(lowest)}.`
      : markup`The predictions follow no single threshold of the probability.`;
  const truth = patients.map((one) => one.truth);
  const best = bestPoint(
    rocCurve(
      truth,
      patients.map(({ probability }) => probability),
    ),
  );
  const reached = (best.sensitivity + best.specificity) / 2;
  return markup`<h3>Threshold</h3><p>${used} Balanced accuracy there: ${format(balancedAccuracy(matrix))}.</p>
<p>The best threshold for these patients is ${format(best.threshold)}, with a balanced accuracy of ${format(reached)}. It was chosen and scored on the same patients: new ones will fare worse.</p>`;
}
