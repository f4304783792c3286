import * as Plot from '@observablehq/plot';
import type { CaseScore, ClassScore } from '@hecktor/cohort';
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
import { format, table } from '../table.ts';

type Classified = ClassScore & { readonly prediction: boolean };

/** Confusion matrix, and where probabilities are known the ROC curve and thresholds. */
export function classificationSection(cases: readonly CaseScore[]): Markup {
  const patients = cases.flatMap(({ classification: one }) =>
    one?.prediction === undefined ? [] : [{ ...one, prediction: one.prediction }],
  );
  const truth = patients.map((one) => one.truth);
  const matrix = confusionMatrix(
    truth,
    patients.map(({ prediction }) => prediction),
  );
  const known = patients.filter(({ probability }) => !Number.isNaN(probability));
  const hasCurve = known.length > 0 && new Set(known.map((one) => one.truth)).size === 2;
  return markup`<section aria-labelledby="classes"><h2 id="classes">HPV status</h2>
${
  patients.length === 0
    ? markup`<p>No prediction to show.</p>`
    : markup`
<div class="charts">${hasCurve ? rocChart(known, matrix) : markup`<p class="note">No ROC curve: it needs probabilities and patients of both classes.</p>`}
<div>${matrixTable(matrix)}${hasCurve && thresholdText(known, matrix)}</div></div>`
}
</section>`;
}

function rocChart(patients: readonly Classified[], matrix: ConfusionMatrix): Markup {
  const truth = patients.map((one) => one.truth);
  const probabilities = patients.map(({ probability }) => probability);
  const curve = rocCurve(truth, probabilities);
  const used = [{ sensitivity: sensitivity(matrix), specificity: specificity(matrix) }];
  const x = (point: Pick<RocPoint, 'specificity'>) => 1 - point.specificity;
  const area = format(areaUnderCurve(truth, probabilities));
  return chart({
    title: `ROC curve, area ${area}`,
    description: `Of ${patients.length} patients with a known probability. The dot is where the predictions as given lie; along the dashed line, chance.`,
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

function matrixTable(matrix: ConfusionMatrix): Markup {
  const count = Object.values(matrix).reduce((sum: number, each: number) => sum + each, 0);
  const rows = [
    { truth: 'HPV positive', right: matrix.truePositives, wrong: matrix.falseNegatives },
    { truth: 'HPV negative', right: matrix.falsePositives, wrong: matrix.trueNegatives },
  ];
  return table(
    [
      { name: 'Truth', value: ({ truth }) => truth },
      { name: 'Predicted positive', value: ({ right }) => right, digits: 0 },
      { name: 'Predicted negative', value: ({ wrong }) => wrong, digits: 0 },
      { name: 'Predicted rightly', value: (row) => shareRight(row.truth, matrix) },
    ],
    rows,
    { caption: `Confusion matrix of the ${count} patients with a prediction` },
  );
}

function shareRight(truth: string, matrix: ConfusionMatrix): number {
  return truth === 'HPV positive' ? sensitivity(matrix) : specificity(matrix);
}

function thresholdText(patients: readonly Classified[], matrix: ConfusionMatrix): Markup {
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
