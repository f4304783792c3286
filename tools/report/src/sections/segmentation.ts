import * as Plot from '@observablehq/plot';
import type { CaseScore } from '@hecktor/cohort';
import { percentileOfSorted, type LabelScore } from '@hecktor/metrics';
import { chart, SERIES } from '../chart.ts';
import { markup, type Markup } from '../markup.ts';
import { format } from '../table.ts';

/** One label of one patient. */
interface Segmented extends LabelScore {
  readonly id: string;
  readonly label: string;
}

/** The distribution of the Dice coefficient, and how it depends on size. */
export function segmentationCharts(cases: readonly CaseScore[]): Markup {
  const rows = cases.flatMap(({ id, labels = {} }) =>
    Object.entries(labels).map(([label, score]): Segmented => ({ id, label, ...score })),
  );
  const scored = rows.filter(({ dsc }) => !Number.isNaN(dsc));
  const labels = [...new Set(rows.map(({ label }) => label))];
  return markup`<div class="charts">${dscChart(scored, labels)}${sizeChart(scored, labels)}</div>`;
}

const SYMBOLS = ['circle', 'triangle', 'square'] as const;

/** Dots that tell labels apart by colour and by shape, and cases by a tooltip. */
function dots(labels: readonly string[]) {
  return {
    r: 3.5,
    stroke: ({ label }: Segmented) => SERIES[labels.indexOf(label) % SERIES.length]!,
    symbol: ({ label }: Segmented) => SYMBOLS[labels.indexOf(label) % SYMBOLS.length]!,
    title: ({ id, label, dsc }: Segmented) => `${id} ${label}: ${dsc.toFixed(3)}`,
  };
}

function dscChart(rows: readonly Segmented[], labels: readonly string[]): Markup {
  const quartiles = labels.map((label) => {
    const values = rows.filter((row) => row.label === label).map(({ dsc }) => dsc);
    const sorted = Float64Array.from(values).sort();
    const [low, median, high] = [25, 50, 75].map((p) => format(percentileOfSorted(sorted, p)));
    const mean = values.reduce((sum, dsc) => sum + dsc, 0) / values.length;
    return `${label}: mean ${format(mean)}, median ${median}, quartiles ${low} and ${high}`;
  });
  const box = { x1: 'dsc', x2: 'dsc', fy: 'label', fill: 'currentColor', fillOpacity: 0.12 };
  return chart({
    title: 'Dice coefficient by label',
    description: `A dot per patient; bars are quartiles and median. ${quartiles.join('. ')}.`,
    height: 70 + 120 * labels.length,
    marginLeft: 60,
    x: { domain: [0, 1], grid: true, label: 'DSC' },
    fy: { domain: labels, label: null, axis: 'left' },
    marks: [
      Plot.barX(rows, Plot.groupZ({ x1: 'p25', x2: 'p75' }, box)),
      Plot.tickX(rows, Plot.groupZ({ x: 'median' }, { x: 'dsc', fy: 'label', strokeWidth: 3 })),
      Plot.dot(rows, Plot.dodgeY('middle', { x: 'dsc', fy: 'label', ...dots(labels) })),
    ],
  });
}

function sizeChart(rows: readonly Segmented[], labels: readonly string[]): Markup {
  const known = rows.filter(({ truthVolume }) => truthVolume > 0);
  const shapes = labels.map((label, i) => `${label}: ${SYMBOLS[i % SYMBOLS.length]}`);
  const x = ({ truthVolume }: Segmented) => truthVolume / 1000;
  return chart({
    title: 'Dice coefficient by true volume',
    description: `${shapes.join(', ')}. The same error at the surface costs small volumes more.`,
    height: 310,
    x: {
      type: 'log',
      label: 'True volume of the label (mL)',
      grid: true,
      tickFormat: String,
      inset: 12,
      ticks: 5,
    },
    y: { domain: [0, 1], grid: true, label: 'DSC' },
    marks: [Plot.dot(known, { x, y: 'dsc', ...dots(labels) })],
  });
}
