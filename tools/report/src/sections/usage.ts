import type { Predictions, UsageFile } from '@hecktor/cohort';
import { markup, type Markup } from '../markup.ts';
import { table } from '../table.ts';
import { quantile } from './segmentation.ts';

/** What a plan left out, in words; undefined: the program made none. */
export function planText({ plan }: UsageFile): string | undefined {
  const dropped = plan?.['dropped'];
  if (!Array.isArray(dropped)) return undefined;
  return dropped.length === 0 ? 'all of it' : `without ${dropped.join(', ')}`;
}

/** Run time and memory of the cases, and what took part in the run. */
export function usageTables({ run, cases }: Predictions): Markup {
  const rows = [
    { name: 'Run time (s)', values: cases.map(({ usage }) => usage.seconds) },
    { name: 'Peak memory (MiB)', values: cases.map(({ usage }) => usage.peakMiB ?? NaN) },
  ];
  const share = (name: string, part: number) => {
    return {
      name,
      value: ({ values }: (typeof rows)[number]) => quantile(values, part),
      digits: 1,
    };
  };
  const parts = [
    ...Object.entries(run.versions),
    ...Object.entries(run.digests).map(([name, digest]) => [`${name} (SHA-256)`, digest] as const),
    ...Object.entries(run.settings),
  ];
  return markup`${table(
    [
      { name: 'Per case', value: ({ name }) => name },
      share('Median', 0.5),
      share('95th percentile', 0.95),
      share('Highest', 1),
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
