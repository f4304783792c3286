import type { CaseScore, UsageFile } from '@hecktor/cohort';
import type { LabelScore } from '@hecktor/metrics';
import { markup, type Markup } from '../markup.ts';
import { table, type Column } from '../table.ts';
import { planText } from './usage.ts';

/** A case with what its run took, and where on the page its pictures are. */
export interface CaseRow extends CaseScore {
  readonly usage?: UsageFile | undefined;
  readonly anchor: string | undefined;
}

/** The cases without an answer that could be scored, and why. */
export function failuresSection(cases: readonly CaseScore[]): Markup | undefined {
  const failed = cases.filter(({ status }) => status === 'failed');
  if (failed.length === 0) return undefined;
  return markup`<section aria-labelledby="failed" class="failures"><h2 id="failed">Failed: ${failed.length} of ${cases.length} cases</h2>
<ul>${failed.map(({ id, error }) => markup`<li><strong>${id}</strong>: ${error ?? 'no reason known'}</li>`)}</ul></section>`;
}

/** Every case in a table that can be sorted and filtered. */
export function allCasesSection(rows: readonly CaseRow[]): Markup {
  const labels = [...new Set(rows.flatMap((row) => Object.keys(row.labels ?? {})))];
  const columns: Column<CaseRow>[] = [
    {
      name: 'Case',
      value: ({ id }) => id,
      cell: ({ id, anchor }) =>
        anchor === undefined ? id : markup`<a href="#${anchor}">${id}</a>`,
    },
    { name: 'Centre', value: ({ centre }) => centre },
    { name: 'Status', value: ({ status }) => status },
    ...labels.flatMap(labelColumns),
    ...(rows.some(({ survival }) => survival !== undefined) ? SURVIVAL : []),
    ...(rows.some(({ classification }) => classification !== undefined) ? CLASSES : []),
    ...(rows.some(({ usage }) => usage !== undefined) ? USAGE : []),
  ];
  return markup`<section aria-labelledby="cases"><h2 id="cases">All cases</h2>
${table(columns, rows, { caption: `All ${rows.length} cases`, sortable: true })}</section>`;
}

function labelColumns(label: string): Column<CaseRow>[] {
  const of =
    (field: (score: LabelScore) => number) =>
    ({ labels }: CaseRow) => {
      const score = labels?.[label];
      return score === undefined ? NaN : field(score);
    };
  return [
    { name: `${label} DSC`, value: of(({ dsc }) => dsc) },
    { name: `${label} HD95 (mm)`, value: of(({ hd95 }) => hd95), digits: 1 },
    { name: `${label} truth (mL)`, value: of(({ truthVolume }) => truthVolume / 1000), digits: 1 },
    { name: `${label} predicted (mL)`, value: of((s) => s.predictedVolume / 1000), digits: 1 },
    { name: `${label} found`, value: of(({ truePositives }) => truePositives), digits: 0 },
    { name: `${label} missed`, value: of(({ falseNegatives }) => falseNegatives), digits: 0 },
    { name: `${label} false`, value: of(({ falsePositives }) => falsePositives), digits: 0 },
  ];
}

const SURVIVAL: readonly Column<CaseRow>[] = [
  { name: 'Risk', value: ({ survival }) => survival?.risk ?? NaN },
  { name: 'Time (days)', value: ({ survival }) => survival?.time ?? NaN, digits: 0 },
  {
    name: 'Recurrence',
    value: ({ survival }) => survival && (survival.event ? 'yes' : 'no'),
  },
];

const classWord = (value: boolean | undefined): string | undefined =>
  value === undefined ? undefined : value ? 'positive' : 'negative';

const CLASSES: readonly Column<CaseRow>[] = [
  { name: 'HPV', value: ({ classification: one }) => classWord(one?.truth) },
  { name: 'Predicted', value: ({ classification: one }) => classWord(one?.prediction) },
  { name: 'Probability', value: ({ classification }) => classification?.probability ?? NaN },
];

const USAGE: readonly Column<CaseRow>[] = [
  { name: 'Seconds', value: ({ usage }) => usage?.seconds ?? NaN, digits: 1 },
  { name: 'Peak MiB', value: ({ usage }) => usage?.peakMiB ?? NaN, digits: 0 },
  { name: 'Plan', value: ({ usage }) => usage && planText(usage) },
];
