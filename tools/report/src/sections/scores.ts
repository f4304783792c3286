import { digitsOf, type CaseScore, type Score, type Summary } from '@hecktor/cohort';
import { markup, type Content, type Markup } from '../markup.ts';
import { count, format, table, type Column } from '../table.ts';

/** The score of a task with several outputs: the sum of theirs by their weights. */
export type TotalScore = Pick<Score, 'value' | 'interval'> & {
  readonly parts: readonly {
    readonly output: string;
    readonly weight: number;
    readonly value: number;
  }[];
};

/** The weighted sum, and what each output has of it. */
export function totalScore({ parts, ...total }: TotalScore): Markup {
  return markup`<ul class="cards">${card({ ...total, name: 'weighted sum', isBetter: 'higher' })}</ul>
${table<TotalScore['parts'][number]>(
  [
    { name: 'Output', value: ({ output }) => output },
    { name: 'Weight', value: ({ weight }) => weight },
    { name: 'Score', value: ({ value }) => value },
    { name: 'Weight times score', value: ({ weight, value }) => weight * value },
  ],
  parts,
  {
    caption:
      'Score by output; of a label map the mean of its labels’ mean DSC, which the chart of Dice coefficients tells',
  },
)}`;
}

/** The scores of the set as cards, what to be careful about, and the conventions behind them. */
export function scoreCards(
  { scores, conventions, facts, warnings, notes }: Summary,
  cases: readonly CaseScore[],
): Markup {
  const cards = scores.map((score) => {
    const [, name] = /^recall of (.+)$/.exec(score.name) ?? [];
    if (name === undefined) return card(score);
    const members = cases.flatMap(({ namedClass }) => namedClass ?? []);
    const own = members.filter(({ truth }) => truth === name);
    const found = own.filter(({ prediction }) => prediction === name).length;
    // Nobody has the class.
    return own.length > 0 && card(score, `${found} of ${count(own.length, 'patient')}; `);
  });
  return markup`${warnings.map((text) => markup`<p class="warning"><strong>Warning:</strong> ${text}</p>`)}
<ul class="cards">${cards}</ul>
${definitions('Conventions', conventions)}
${definitions('Facts', facts)}
${notes.length > 0 && markup`<h3>Notes</h3><ul>${notes.map((text) => markup`<li>${text}</li>`)}</ul>`}`;
}

function card({ name, value, interval: { low, high }, isBetter }: Score, remark = ''): Markup {
  const digits = digitsOf(name);
  const isShare = [value, low, high].every((number) => number >= 0 && number <= 1);
  const percent = (share: number): string => `${(100 * share).toFixed(1)}%`;
  return markup`<li class="card"><h3>${name}</h3><p class="value">${format(value, digits)}</p>
<p>${Number.isNaN(low) ? 'not defined here' : `95 % ${format(low, digits)} to ${format(high, digits)}`}</p>
${isShare && markup`<div class="bar" aria-hidden="true"><span style="left:${percent(low)};width:${percent(high - low)}"></span><b style="left:${percent(value)}"></b></div>`}
<p class="note">${remark}${isBetter} is better</p></li>`;
}

function definitions(title: string, entries: Readonly<Record<string, string | number>>) {
  const all = Object.entries(entries);
  if (all.length === 0) return undefined;
  return markup`<h3>${title}</h3><dl>${all.map(
    ([name, value]) => markup`<div><dt>${name}</dt><dd>${value}</dd></div>`,
  )}</dl>`;
}

/** A score above its interval, in a cell of a table. */
export function scoreCell(score: Score | undefined): Content {
  if (score === undefined || Number.isNaN(score.value)) return '–';
  const { low, high } = score.interval;
  const digits = digitsOf(score.name);
  return markup`${format(score.value, digits)}<br><small>${format(low, digits)} to ${format(high, digits)}</small>`;
}

/** The scores by centre, with their intervals. */
export function centreTable({ centres }: Summary): Markup | undefined {
  if (centres.length < 2) return undefined;
  const names = [...new Set(centres.flatMap(({ scores }) => scores.map(({ name }) => name)))];
  const columns: Column<Summary['centres'][number]>[] = [
    { name: 'Centre', value: ({ centre }) => centre },
    { name: 'Patients', value: ({ cases }) => cases, digits: 0 },
    ...names.map((name): Column<Summary['centres'][number]> => {
      const scoreOf = (scores: readonly Score[]) => scores.find((score) => score.name === name);
      return {
        name,
        value: ({ scores }) => scoreOf(scores)?.value,
        cell: ({ scores }) => scoreCell(scoreOf(scores)),
      };
    }),
  ];
  return table(columns, centres, { caption: 'Scores by centre, with 95 % intervals' });
}
