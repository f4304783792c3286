import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { lookAt, readTasks, type CaseScore, type CohortTask, type Summary } from '@hecktor/cohort';
import { writeVolume } from '@hecktor/image-io';
import { scoreLabels, type Mask } from '@hecktor/metrics';
import { ballCase, useFolder } from '@hecktor/testing';
import { createVolume } from '@hecktor/volume';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { decode } from 'fast-png';
import { parseHTML } from 'linkedom';
import { otherOutputs } from './sections/all-cases.ts';
import { choosePictured } from './sections/gallery.ts';
import { writeReport, type ReportOptions, type ReportPart } from './write-report.ts';

type Page = ReturnType<typeof parseHTML>['document'];

const TASKS = readTasks(fileURLToPath(new URL('../../../apps', import.meta.url)));
const taskOf = (name: string): CohortTask => TASKS.get(name)!;
const folder = useFolder();
const NO_COHORT = { data: 'data', columns: [], cases: [], notes: [] };

function summaryOf(task: string, cases: readonly CaseScore[]): Summary {
  const interval = { low: 0.5, high: 0.8, resamples: 1000 };
  const scores = ['a score', 'sensitivity', 'recall of T2'].map(
    (name) => ({ name, value: 0.7, interval, isBetter: 'higher' }) as const,
  );
  const failed = cases.filter(({ status }) => status === 'failed').length;
  return {
    ...{ task, predictions: 'out', truth: 'data', cases: cases.length, failed, scores },
    conventions: { 'empty GTVp': 'counts 1' },
    centres: ['CHUM', 'MDA'].map((centre) => ({ centre, cases: 1, scores })),
    facts: {},
    warnings: ['look <here>'],
    notes: [],
  };
}

async function write(
  task: string,
  cases: readonly CaseScore[],
  { predictions, ...more }: Partial<ReportPart & Pick<ReportOptions, 'predictions'>> = {},
): Promise<{ text: string; document: Page }> {
  const out = folder.at(`${task}.markup`);
  const part = {
    task: taskOf(task),
    cohort: NO_COHORT,
    scores: { cases, summary: summaryOf(task, cases) },
    ...more,
  };
  await writeReport({ parts: [part], predictions, out });
  const text = readFileSync(out, 'utf8');
  return { text, document: parseHTML(text).document };
}

function expectSound({ text, document }: { text: string; document: Page }): void {
  // Nothing is fetched: what is not on the page itself is data or the name of a namespace.
  const links = [...document.querySelectorAll('[href],[src]')].map(
    (element) => element.getAttribute('href') ?? element.getAttribute('src') ?? '',
  );
  expect(links.filter((link) => !/^(#|data:image\/png;base64,)/.test(link))).toEqual([]);
  expect(text.replaceAll('http://www.w3.org/', '')).not.toMatch(/https?:\/\/|url\((?!#)|@import/);
  const ids = [...document.querySelectorAll('[id]')].map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const link of links.filter((each) => each.startsWith('#'))) {
    expect(ids).toContain(link.slice(1));
  }
  for (const svg of document.querySelectorAll('svg')) {
    const isNamed = svg.getAttribute('role') === 'img' && svg.getAttribute('aria-label') !== null;
    expect(isNamed || svg.closest('[aria-hidden=true]') !== null).toBe(true);
  }
  for (const table of document.querySelectorAll('table')) {
    expect(table.querySelector('caption')!.textContent).not.toBe('');
    expect(table.querySelectorAll('thead th[scope=col]').length).toBeGreaterThan(1);
  }
}

describe('a report of segmentations', () => {
  let report: { text: string; document: Page };
  let cases: CaseScore[];

  beforeAll(async () => {
    const masks = new Map<string, string>();
    const cohort = [];
    cases = [];
    for (const [i, id] of ['CHUM-001', 'MDA-<b>2'].entries()) {
      const { ct, pet, truth } = ballCase();
      // One is missed altogether.
      const prediction: Mask =
        i === 0
          ? truth
          : createVolume(
              truth,
              truth.data.map(() => 0),
            );
      folder.make(String(i));
      const paths = { ct, pet, truth, prediction };
      for (const [name, volume] of Object.entries(paths)) {
        await writeVolume(folder.at(`${i}/${name}.nii.gz`), volume);
      }
      const images = { ct: folder.at(`${i}/ct.nii.gz`), pet: folder.at(`${i}/pet.nii.gz`) };
      cohort.push({ id, row: {}, images, labels: folder.at(`${i}/truth.nii.gz`) });
      masks.set(id, folder.at(`${i}/prediction.nii.gz`));
      const [gtvp, gtvn] = scoreLabels(truth, prediction, [1, 2]);
      const labels = { GTVp: gtvp!, GTVn: gtvn! };
      cases.push({ id, centre: id.slice(0, 3), status: 'scored', labels });
    }
    cases.push({ id: 'CHUP-3', centre: 'CHUP', status: 'failed', error: 'TIMEOUT: too slow' });
    report = await write('task1', cases, {
      cohort: { data: 'data', columns: [], cases: cohort, notes: [] },
      maskOf: (id) => masks.get(id),
      predictions: {
        folder: 'out',
        run: {
          task: 'task1',
          versions: { node: '24.1.0' },
          digests: { program: 'aa', recipe: 'bb', weights: 'cc' },
          settings: { threads: 2 },
          digest: 'e',
          cases: [],
        },
        cases: [
          {
            ...{ id: 'CHUM-001', digest: 'd', run: 'e', status: 'done', output: 'x' },
            usage: { seconds: 12.34, peakMiB: 512, plan: { dropped: ['mirror images'] } },
          },
        ],
        pending: [],
      },
    });
  });

  it('fetches nothing, and names all pictures and tables', () => expectSound(report));

  it('shows the worst case first, in three planes and two projections', () => {
    const articles = [...report.document.querySelectorAll('article')];
    const titles = articles.map((each) => each.querySelector('h3')!.textContent);
    expect(titles[0]).toMatch(/^MDA-<b>2 GTVp DSC 0.000/);
    expect(titles[1]).toMatch(/^CHUM-001 GTVp DSC 1.000/);
    const names = [...articles[0]!.querySelectorAll('svg')].map((svg) =>
      svg.getAttribute('aria-label'),
    );
    expect(names).toHaveLength(11);
    expect(names[1]).toBe('MDA-<b>2: Axial PET; outlines: GTVp of the truth');
    const both = articles[1]!.querySelector('svg')!;
    expect(both.querySelectorAll('.outline').length % 2).toBe(0);
    expect(both.querySelectorAll('.outline.prediction').length).toBeGreaterThan(0);
  });

  it('tells worst from best where there are enough cases', () => {
    const many = (count: number) =>
      Array.from({ length: count }, (_, i) => ({ ...cases[0]!, id: `P-${i}` }));
    const ranks = (count: number) =>
      choosePictured(many(count), () => ({ ct: '', pet: '', truth: '', prediction: '' })).map(
        ({ rank }) => rank,
      );
    expect(ranks(8)).toEqual(Array(8).fill(undefined));
    expect(ranks(12)).toEqual([...Array<string>(6).fill('worst'), 'best', 'best', 'best']);
  });

  it('holds pixels of the physical shape, inverse grey by a filter that can be chosen', () => {
    const svg = report.document.querySelector('article svg')!;
    const [, , width, height] = svg.getAttribute('viewBox')!.split(' ').map(Number);
    const image = svg.querySelector('image')!;
    const png = decode(Buffer.from(image.getAttribute('href')!.split(',')[1]!, 'base64'));
    expect([png.width, png.height, png.channels]).toEqual([width, height, 1]);
    // Air is black, soft tissue of 40 HU half way between -160 and 240.
    expect([...new Set(png.data)]).toEqual(expect.arrayContaining([0, 128]));
    for (const high of [5, 7, 10]) {
      expect(report.document.querySelector(`#window-${high}`)).not.toBeNull();
      expect(report.document.querySelector(`filter#grey-${high}`)).not.toBeNull();
    }
  });

  it('lists lesions, failures, centres, what the run took', () => {
    const { document } = report;
    const text = (selector: string) => document.querySelector(selector)!.textContent!;
    expect(text('article table')).toContain('missed');
    expect(text('.failures')).toContain('CHUP-3: TIMEOUT: too slow');
    expect(text('.warning')).toContain('look <here>');
    expect(text('[aria-labelledby=centres]')).toContain('CHUM');
    const row = [...document.querySelectorAll('[aria-labelledby=cases] tbody tr')][0]!;
    expect(row.textContent).toContain('without mirror images');
    expect(row.textContent).toContain('12.3');
  });

  it('is the same file for the same input', async () => {
    const again = await write('task1', cases.slice(2));
    expect((await write('task1', cases.slice(2))).text).toBe(again.text);
  });

  it('names a case in place of pictures that cannot be made', async () => {
    const cohort = [
      { id: 'CHUM-001', row: {}, images: { ct: 'no.mha', pet: 'no.mha' }, labels: 'x' },
    ];
    const { document } = await write('task1', cases.slice(0, 1), {
      cohort: { data: 'data', columns: [], cases: cohort, notes: [] },
      maskOf: () => 'x',
    });
    expect(document.querySelector('article')!.textContent).toMatch(/No pictures: .*no\.mha/);
  });
});

describe('a report of risks', () => {
  const patient = (i: number): CaseScore => ({
    ...{ id: `CHUM-${i}`, centre: 'CHUM', status: 'scored' },
    survival: { time: 300 + 40 * i, event: i % 3 !== 0, risk: 30 - i + (i % 4) },
  });
  const cases = Array.from({ length: 30 }, (_, i) => patient(i));

  it('has curves with patients at risk, the log-rank test and calibration', async () => {
    const report = await write('task2', cases);
    expectSound(report);
    const section = report.document.querySelector('[aria-labelledby=survival]')!;
    expect(section.querySelectorAll('svg[role=img]')).toHaveLength(2);
    expect(section.textContent).toMatch(/Log-rank test: p (< 0\.001|= 0\.\d{3})/);
    const curves = section.querySelector('svg')!.textContent!;
    expect(curves).toContain('high risk');
  });

  it('says that equal risks make no groups', async () => {
    const same = cases.map((one) => ({ ...one, survival: { ...one.survival!, risk: 1 } }));
    const { document } = await write('task2', same);
    expect(document.querySelector('[aria-labelledby=survival]')!.textContent).toContain('same');
  });
});

describe('a report of classes', () => {
  const patient = (i: number, probability: number): CaseScore => ({
    ...{ id: `CHUM-${i}`, centre: 'CHUM', status: 'scored' },
    classification: { truth: i % 2 === 0, prediction: i % 3 === 0, probability },
  });

  it('has a ROC curve, a confusion matrix and thresholds', async () => {
    const report = await write(
      'task3',
      Array.from({ length: 12 }, (_, i) => patient(i, i / 12)),
    );
    expectSound(report);
    const section = report.document.querySelector('[aria-labelledby=classes]')!;
    expect(section.querySelector('svg')!.getAttribute('aria-label')).toMatch(
      /^ROC curve, area 0\./,
    );
    const cells = [...section.querySelectorAll('td')].slice(0, 3).map((td) => td.textContent);
    expect(cells).toEqual(['2', '4', '0.7000.500 to 0.800']);
    expect(section.querySelector('h2')!.textContent).toBe('HPV status');
    expect(section.textContent).toContain('The predictions follow no single threshold');
  });

  it('says what a ROC curve needs', async () => {
    const { document } = await write('task3', [patient(0, NaN), patient(1, NaN)]);
    expect(document.querySelector('[aria-labelledby=classes]')!.textContent).toContain(
      'No ROC curve',
    );
  });
});

describe('a report of several outputs', () => {
  const task = taskOf('hecktor26');
  const row = (id: string, more: Partial<CaseScore>): CaseScore => {
    return { id, centre: 'C', status: 'scored', ...more };
  };
  const staged = (...classes: readonly [truth: string, prediction: string | undefined][]) =>
    classes.map(([truth, prediction], i) => {
      const status = prediction === undefined ? 'failed' : 'scored';
      return row(`P-${i}`, { status, error: undefined, namedClass: { truth, prediction } });
    });
  const scored: Record<string, readonly CaseScore[]> = {
    't-stage': staged(['T1', 'T1'], ['T2', 'T2'], ['T2', 'T3'], ['T2', undefined]),
    'n-stage': staged(['N0', 'N0'], ['N1', 'N0']),
    rfs: [1, 2, 3].map((i) =>
      row(`P-${i}`, { survival: { time: 100 * i, event: true, risk: 3 - i } }),
    ),
  };
  let document: Page;
  const cellsOf = (selector: string) =>
    [...document.querySelectorAll(`${selector} tr`)].map((line) =>
      [...line.children].map((cell) => cell.textContent),
    );

  beforeAll(async () => {
    const parts = Object.entries(scored).map(([name, cases]): ReportPart => {
      const output = task.outputs.find((one) => one.name === name)!;
      return {
        task: lookAt(task, output),
        cohort: NO_COHORT,
        scores: { cases, summary: summaryOf('hecktor26', cases) },
        probabilitiesOf: (id) => (id === 'P-0' ? { T1: 0.8, T2: 0.2, T3: 0, T4: 0 } : undefined),
      };
    });
    const of = (output: string, weight: number, value: number) => ({ output, weight, value });
    const total = {
      ...{ value: 0.52, interval: { low: 0.4, high: 0.6, resamples: 1000 } },
      parts: [of('t-stage', 0.6, 0.7), of('rfs', 0.4, 0.25)],
    };
    const out = folder.at('several.html');
    await writeReport({ parts, total, out });
    const text = readFileSync(out, 'utf8');
    ({ document } = parseHTML(text));
    expectSound({ text, document });
  });

  it('begins with the weighted sum, then has a section for each output', () => {
    const headings = [...document.querySelectorAll('h2')].map(({ textContent }) => textContent);
    expect(headings).toEqual([
      'Failed: 1 of 4 cases',
      ...['Score', 't-stage', 'n-stage', 'rfs', 'All cases'],
    ]);
    expect(document.querySelector('#score ~ .cards')!.textContent).toContain('0.52');
    expect(cellsOf('[aria-labelledby=score]').slice(1)).toEqual([
      ['t-stage', '0.600', '0.700', '0.420'],
      ['rfs', '0.400', '0.250', '0.100'],
    ]);
    expect(document.querySelectorAll('[aria-labelledby=output-rfs] svg')).toHaveLength(2);
  });

  it('counts classes by truth and prediction, and no prediction apart', () => {
    const [head, ...rows] = cellsOf('[aria-labelledby=output-t-stage]').slice(0, 5);
    const classes = ['T1', 'T2', 'T3', 'T4'];
    expect(head).toEqual([
      'Truth',
      ...classes.map((name) => `Predicted ${name}`),
      ...['No prediction', 'Recall'],
    ]);
    expect(rows).toEqual([
      ['T1', '1', '0', '0', '0', '0', '–'],
      ['T2', '0', '1', '1', '0', '1', '0.7000.500 to 0.800'],
      ['T3', '0', '0', '0', '0', '0', '–'],
      ['T4', '0', '0', '0', '0', '0', '–'],
    ]);
    const noneMissing = cellsOf('[aria-labelledby=output-n-stage]')[0]!;
    expect(noneMissing).not.toContain('No prediction');
  });

  it('says of how many patients a recall is, and has no card of a class nobody has', () => {
    const cards = (output: string) =>
      document.querySelector(`[aria-labelledby=output-${output}] .cards`)!.textContent;
    expect(cards('t-stage')).toContain('1 of 3 patients; higher is better');
    expect(cards('n-stage')).not.toContain('recall of T2');
  });

  it('says beside the pictures what the other outputs are', () => {
    const names = Object.keys(scored);
    const rows = ['P-1', 'P-3'].map((id) => {
      const scores = names.map((name) => scored[name]!.find((one) => one.id === id));
      return { id, centre: 'C', status: 'scored', scores, anchor: undefined } as const;
    });
    const items = (row: (typeof rows)[number]) =>
      [
        ...parseHTML(
          otherOutputs(row, ['T: ', 'N: ', 'R: '], rows)!.text,
        ).document.querySelectorAll('li'),
      ].map(({ textContent }) => textContent);
    expect(items(rows[0]!)).toEqual([
      'T: truth T2, predicted T2',
      'N: truth N1, predicted N0',
      'R: truth recurrence after 100 days, predicted risk 2.000 (1 of 2, highest first)',
    ]);
    expect(items(rows[1]!)).toEqual([
      'T: truth T2, predicted nothing',
      'R: truth recurrence after 300 days, predicted risk 0.000 (2 of 2, highest first)',
    ]);
  });

  it("has each patient's probabilities, and all outputs in the table of all cases", () => {
    const patients = cellsOf('[aria-labelledby=output-t-stage] .sortable');
    expect(patients[1]).toEqual(['P-0', 'C', 'T1', 'T1', '0.800', '0.200', '0.000', '0.000']);
    expect(patients[4]).toEqual(['P-3', 'C', 'T2', '–', '–', '–', '–', '–']);
    const [head, first, , third] = cellsOf('[aria-labelledby=cases]');
    expect(head!.slice(3)).toEqual([
      ...['t-stage: Truth', 't-stage: Predicted', 'n-stage: Truth', 'n-stage: Predicted'],
      ...['rfs: Risk', 'rfs: Time (days)', 'rfs: Recurrence'],
    ]);
    expect(first!.slice(3)).toEqual(['T1', 'T1', 'N0', 'N0', '–', '–', '–']);
    expect(third!.slice(3)).toEqual(['T2', 'T3', '–', '–', '1.000', '200', 'yes']);
  });
});
