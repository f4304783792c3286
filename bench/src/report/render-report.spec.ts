import { describe, expect, it } from '@jest/globals';
import { compare, type Report } from './report.ts';
import { renderReport } from './render-report.ts';

const REPORT: Report = {
  task: 'task1',
  machine: '2 x Some CPU',
  threads: 2,
  runs: 2,
  load: 0.25,
  versions: { node: 'v20.1.0', torch: '2.13.0' },
  pythonMissing: undefined,
  sections: [
    {
      title: 'Preprocessing',
      rows: [
        { name: 'wall time', unit: 's', result: compare([2, 3], [20, 60]), target: 0.2 },
        { name: 'peak memory', unit: 'MiB', result: compare([512, 512], [1024.4, 2048]) },
      ],
      notes: ['tensors agree on 100%'],
    },
  ],
};

describe('renderReport', () => {
  it('lines up figures, ratios and targets', () => {
    expect(renderReport(REPORT)).toMatchInlineSnapshot(`
      "# Task 1: ours against Python

      2 x Some CPU; 2 threads on either side; 2 interleaved pairs; load average at the start 0.3.
      node v20.1.0, torch 2.13.0.
      Medians over the runs; ratios are taken pair by pair, below 1 is better.

      ## Preprocessing

      | quantity         | ours | (min) | Python | (min) | ours / Python |   (min .. max) | of minima | target |
      | ---------------- | ---: | ----: | -----: | ----: | ------------: | -------------: | --------: | -----: |
      | wall time, s     | 2.50 |  2.00 |   40.0 |  20.0 |         0.075 | 0.050 .. 0.100 |     0.100 | <= 0.2 |
      | peak memory, MiB |  512 |   512 |   1536 |  1024 |         0.375 | 0.250 .. 0.500 |     0.500 |        |

      - tensors agree on 100%
      "
    `);
  });

  it('says plainly that Python is missing and shows ours', () => {
    const text = renderReport({
      ...REPORT,
      runs: 1,
      pythonMissing: 'No module named torch',
      sections: [
        { title: 'X', rows: [{ name: 'wall', unit: 's', result: compare([12.34]) }], notes: [] },
      ],
    });
    expect(text).toContain('**Ours alone:** No module named torch');
    expect(text).toContain('1 interleaved pair;');
    expect(text.split('\n').at(-2)).toMatch(/^\| wall, s +\| +12\.3 \| +12\.3 \|( +\|)+$/);
  });
});
