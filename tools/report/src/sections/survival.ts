import * as Plot from '@observablehq/plot';
import type { CaseScore, SurvivalScore } from '@hecktor/cohort';
import { chart, SERIES } from '../chart.ts';
import { markup, type Markup } from '../markup.ts';
import { atRisk, kaplanMeier, medianSurvival, survivalAt } from '../statistics/kaplan-meier.ts';
import { logRank } from '../statistics/log-rank.ts';
import { riskGroups } from '../statistics/risk-groups.ts';
import { format, table } from '../table.ts';

const YEAR = 365.25;
/** Most recurrences of these tumours come in the first two years. */
const HORIZON = 2 * YEAR;
/** Patients that a group of the calibration needs. */
const CALIBRATION_GROUP = 20;
const DASHES = ['none', '8 4'] as const;

interface Group {
  readonly name: string;
  readonly patients: readonly SurvivalScore[];
}

/** Kaplan-Meier curves by risk group with the log-rank test, and calibration. */
export function survivalCharts(cases: readonly CaseScore[]): Markup {
  const patients = cases.flatMap(({ survival }) =>
    survival === undefined || Number.isNaN(survival.risk) ? [] : [survival],
  );
  const [low, high] = riskGroups(patients, 2);
  if (low === undefined || high === undefined) {
    return markup`<p>All risks are the same: there are no groups to compare.</p>`;
  }
  const groups = [
    { name: 'low risk', patients: low },
    { name: 'high risk', patients: high },
  ];
  const { statistic, p } = logRank(low, high);
  return markup`<div class="charts">${curvesChart(groups)}${calibrationChart(patients)}</div>
<p>Log-rank test: <strong>p ${p < 0.001 ? '< 0.001' : `= ${format(p)}`}</strong> (χ² = ${format(statistic, 2)}, 1 degree of freedom). Groups are cut at the median risk of these patients.</p>
${groupTable(groups)}`;
}

function curvesChart(groups: readonly Group[]): Markup {
  const last = Math.max(...groups.flatMap(({ patients }) => patients.map(({ time }) => time)));
  const step = [0.25, 0.5, 1, 2, 5].find((each) => last / YEAR / each <= 10) ?? 10;
  const ticks = Array.from({ length: Math.floor(last / YEAR / step) + 1 }, (_, i) => i * step);
  const x = ({ time }: { readonly time: number }) => time / YEAR;
  return chart({
    title: 'Kaplan-Meier curves by risk group',
    description:
      'Bands are 95 % intervals, crosses patients whose follow-up ended. Below: patients at risk.',
    height: 400,
    marginLeft: 90,
    marginRight: 80,
    marginBottom: 100,
    x: { domain: [0, last / YEAR], ticks, label: 'Years', labelOffset: 38, tickFormat: String },
    y: { domain: [0, 100], percent: true, grid: true, label: 'Free of recurrence (%)' },
    marks: groups.flatMap(({ name, patients }, i) => {
      const curve = kaplanMeier(patients);
      const end = Math.max(...patients.map(({ time }) => time));
      const drawn = [...curve, { ...survivalAt(curve, end), time: end }];
      const color = SERIES[i]!;
      const line = { x, curve: 'step-after', stroke: color, strokeDasharray: DASHES[i]! } as const;
      const below = { frameAnchor: 'bottom', dy: 62 + 18 * i } as const;
      return [
        Plot.areaY(drawn, {
          ...line,
          y1: 'low',
          y2: 'high',
          stroke: 'none',
          fill: color,
          fillOpacity: 0.13,
        }),
        Plot.lineY(drawn, { ...line, y: 'survival', strokeWidth: 2.2 }),
        Plot.dot(
          patients.filter(({ event }) => !event),
          {
            x,
            y: ({ time }: SurvivalScore) => survivalAt(curve, time).survival,
            symbol: 'plus',
            stroke: color,
          },
        ),
        Plot.text(drawn.slice(-1), { x, y: 'survival', text: [name], dx: 6, textAnchor: 'start' }),
        Plot.text(ticks, {
          ...below,
          x: (at: number) => at,
          text: (at: number) => String(atRisk(patients, at * YEAR)),
        }),
        Plot.text([name], { ...below, frameAnchor: 'bottom-left', dx: -16, textAnchor: 'end' }),
      ];
    }),
  });
}

function calibrationChart(patients: readonly SurvivalScore[]): Markup {
  const count = Math.min(5, Math.max(2, Math.floor(patients.length / CALIBRATION_GROUP)));
  const points = riskGroups(patients, count).map((group) => ({
    risk: group.reduce((sum, { risk }) => sum + risk, 0) / group.length,
    ...survivalAt(kaplanMeier(group), HORIZON),
  }));
  return chart({
    title: 'Calibration at two years',
    description:
      `${count} groups of patients by rising risk: their mean predicted risk, and the share free of recurrence ` +
      'at two years (Kaplan-Meier, 95 % interval). A risk has no scale of its own: dots that fall evenly say that ' +
      'recurrence follows the risk; what share of patients a risk stands for, it does not say.',
    height: 400,
    width: 420,
    x: { label: 'Mean predicted risk', grid: true, inset: 20 },
    y: { domain: [0, 100], percent: true, grid: true, label: 'Free of recurrence (%)' },
    marks: [
      Plot.line(points, { x: 'risk', y: 'survival', strokeOpacity: 0.4 }),
      Plot.ruleX(points, { x: 'risk', y1: 'low', y2: 'high', stroke: SERIES[0], strokeWidth: 2 }),
      Plot.dot(points, { x: 'risk', y: 'survival', fill: SERIES[0], r: 5 }),
    ],
  });
}

function groupTable(groups: readonly Group[]): Markup {
  const percent = (share: number): string => `${(100 * share).toFixed(0)} %`;
  return table<Group>(
    [
      { name: 'Group', value: ({ name }) => name },
      { name: 'Patients', value: ({ patients }) => patients.length, digits: 0 },
      {
        name: 'Recurrences',
        value: ({ patients }) => patients.filter(({ event }) => event).length,
        digits: 0,
      },
      {
        name: 'At risk at two years',
        value: ({ patients }) => atRisk(patients, HORIZON),
        digits: 0,
      },
      {
        name: 'Free of recurrence at two years',
        value: ({ patients }) => {
          const { survival, low, high } = survivalAt(kaplanMeier(patients), HORIZON);
          return `${percent(survival)} (${percent(low)} to ${percent(high)})`;
        },
      },
      {
        name: 'Median (years)',
        value: ({ patients }) => {
          const median = medianSurvival(kaplanMeier(patients));
          return median === undefined ? 'not reached' : format(median / YEAR, 1);
        },
      },
    ],
    groups,
    { caption: 'Risk groups' },
  );
}
