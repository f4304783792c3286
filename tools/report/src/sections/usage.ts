import type { Predictions, UsageFile } from '@hecktor/cohort';
import { percentileOfSorted } from '@hecktor/metrics';
import { markup, type Markup } from '../markup.ts';
import { table, type Column } from '../table.ts';

/** What a plan left out, in words; undefined: the program made none. */
export function planText({ plan }: UsageFile): string | undefined {
  const dropped = plan?.['dropped'];
  if (!Array.isArray(dropped)) return undefined;
  return dropped.length === 0 ? 'all of it' : `without ${dropped.join(', ')}`;
}

/** Run time and memory of the cases, and what took part in the run. */
export function usageTables({ run, cases }: Predictions): Markup {
  const known = (values: readonly (number | undefined)[]) =>
    Float64Array.from(values.filter((value) => value !== undefined)).sort();
  const rows = [
    { name: 'Run time (s)', sorted: known(cases.map(({ usage }) => usage.seconds)) },
    { name: 'Peak memory (MiB)', sorted: known(cases.map(({ usage }) => usage.peakMiB)) },
  ];
  const percentile = (name: string, p: number): Column<(typeof rows)[number]> => {
    return { name, value: ({ sorted }) => percentileOfSorted(sorted, p), digits: 1 };
  };
  const parts = [
    ...Object.entries(run.versions),
    ...Object.entries(run.digests).map(([name, digest]) => [`${name} (SHA-256)`, digest] as const),
    ...Object.entries(run.settings),
  ];
  return markup`${table(
    [
      { name: 'Per case', value: ({ name }) => name },
      percentile('Median', 50),
      percentile('95th percentile', 95),
      percentile('Highest', 100),
    ],
    rows,
    { caption: 'Run time and memory' },
  )}
${table(
  [
    { name: 'What', value: ([name]) => name },
    { name: 'Version, digest or setting', value: ([, value]) => String(value) },
  ],
  parts,
  { caption: 'What took part in the run' },
)}`;
}
