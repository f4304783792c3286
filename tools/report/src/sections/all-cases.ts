import type { CaseScore, UsageFile } from '@hecktor/cohort';
import type { LabelScore } from '@hecktor/metrics';
import { markup, section, type Markup } from '../markup.ts';
import { format, table, type Column } from '../table.ts';
import { classOf } from './confusion.ts';
import { planText } from './usage.ts';

/** A case with what its run took, and where on the page its pictures are. */
export interface CaseRow extends Pick<CaseScore, 'id' | 'centre' | 'status' | 'error'> {
  /** By output; undefined where the truth of that one is not known. */
  readonly scores: readonly (CaseScore | undefined)[];
  readonly usage?: UsageFile | undefined;
  readonly anchor: string | undefined;
}

/** The cases without an answer that could be scored, and why; undefined where there are none. */
export function failures(rows: readonly CaseRow[]): Markup | undefined {
  const failed = rows.filter(({ status }) => status === 'failed');
  if (failed.length === 0) return undefined;
  const items = failed.map(
    ({ id, error }) => markup`<li><strong>${id}</strong>: ${error ?? 'no reason known'}</li>`,
  );
  const title = `Failed: ${failed.length} of ${rows.length} cases`;
  return section('failed', title, markup`<ul>${items}</ul>`, 'failures');
}

/**
 * Every case in a table that can be sorted and filtered.
 *
 * @param outputs - What stands before the names of the columns of each output.
 */
export function allCases(rows: readonly CaseRow[], outputs: readonly string[]): Markup {
  const columns: Column<CaseRow>[] = [
    {
      name: 'Case',
      value: ({ id }) => id,
      cell: ({ id, anchor }) =>
        anchor === undefined ? id : markup`<a href="#${anchor}">${id}</a>`,
    },
    { name: 'Centre', value: ({ centre }) => centre },
    { name: 'Status', value: ({ status }) => status },
    ...outputs.flatMap((output, i) => outputColumns(rows, i, output)),
    ...(rows.some(({ usage }) => usage !== undefined) ? USAGE : []),
  ];
  return table(columns, rows, { caption: `All cases: ${rows.length}`, sortable: true });
}

/** The columns of an output, as far as any case has them. */
function outputColumns(rows: readonly CaseRow[], i: number, output: string): Column<CaseRow>[] {
  const known = rows.flatMap(({ scores }) => scores[i] ?? []);
  const labels = [...new Set(known.flatMap((score) => Object.keys(score.labels ?? {})))];
  const values = [
    ...(known.some(({ survival }) => survival) ? SURVIVAL : []),
    ...(known.some(classOf) ? CLASSES : []),
    ...(known.some(({ classification }) => classification) ? [PROBABILITY] : []),
  ];
  const columns = [
    // Labels have names of their own.
    ...labels.flatMap(labelColumns),
    ...values.map((column) => ({ ...column, name: `${output}${column.name}` })),
  ];
  return columns.map(({ value, ...column }) => ({
    ...column,
    value: ({ scores }) => value(scores[i] ?? NOTHING),
  }));
}

/** Truth and prediction of the outputs of a case that are no masks; undefined where it has none. */
export function otherOutputs(
  { scores }: CaseRow,
  names: readonly string[],
  rows: readonly CaseRow[],
): Markup | undefined {
  const found = scores.flatMap((score, i) => {
    const { survival } = score ?? NOTHING;
    if (survival !== undefined) {
      const { risk, time, event } = survival;
      const risks = rows.flatMap((row) => row.scores[i]?.survival?.risk ?? []);
      const place = risks.filter((other) => other > risk).length + 1;
      const rank = !Number.isNaN(risk) && ` (${place} of ${risks.length}, highest first)`;
      const outcome = event ? 'recurrence after' : 'no recurrence in';
      return markup`<li>${names[i]}truth ${outcome} ${format(time, 0)} days, predicted risk ${format(risk)}${rank}</li>`;
    }
    const { truth, prediction } = classOf(score ?? NOTHING) ?? {};
    if (truth === undefined) return [];
    const said = `predicted ${prediction ?? 'nothing'}`;
    const shown = truth === prediction ? said : markup`<strong class="wrong">${said}</strong>`;
    return markup`<li>${names[i]}truth ${truth}, ${shown}</li>`;
  });
  return found.length > 0 ? markup`<ul class="outputs">${found}</ul>` : undefined;
}

type ScoreColumn = Omit<Column<Partial<CaseScore>>, 'cell'>;

const NOTHING: Partial<CaseScore> = {};

function labelColumns(label: string): ScoreColumn[] {
  const of =
    (field: (score: LabelScore) => number): ScoreColumn['value'] =>
    ({ labels }) => {
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

const SURVIVAL: readonly ScoreColumn[] = [
  { name: 'Risk', value: ({ survival }) => survival?.risk ?? NaN },
  { name: 'Time (days)', value: ({ survival }) => survival?.time ?? NaN, digits: 0 },
  {
    name: 'Recurrence',
    value: ({ survival }) => survival && (survival.event ? 'yes' : 'no'),
  },
];

const CLASSES: readonly ScoreColumn[] = [
  { name: 'Truth', value: (score) => classOf(score)?.truth },
  { name: 'Predicted', value: (score) => classOf(score)?.prediction },
];

const PROBABILITY: ScoreColumn = {
  name: 'Probability',
  value: ({ classification }) => classification?.probability ?? NaN,
};

const USAGE: readonly Column<CaseRow>[] = [
  { name: 'Seconds', value: ({ usage }) => usage?.seconds ?? NaN, digits: 1 },
  { name: 'Peak MiB', value: ({ usage }) => usage?.peakMiB ?? NaN, digits: 0 },
  { name: 'Plan', value: ({ usage }) => usage && planText(usage) },
];
