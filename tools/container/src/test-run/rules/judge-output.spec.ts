import type { Task } from '@hecktor/case-io';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { writeVolume } from '@hecktor/image-io';
import { createGrid, createVolume, type VoxelArray } from '@hecktor/volume';
import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { assertExpectedFolder, compareOutputs } from '../compare-outputs.ts';
import { outputDigests } from '../folders.ts';
import { judgeOutput } from './judge-output.ts';
import { TASKS } from '../../../testing/tasks.ts';

const GRID = createGrid([3, 2, 2], { spacing: [1, 1, 3], origin: [5, -6, 7] });
const { task1, task2, task3 } = TASKS;
const outputOf = ({ outputs }: Task) => outputs[0]!;
const LABELS = [0, 1, 1, 2, 0, 0, 0, 0, 0, 0, 0, 2];

let folder: string;
let input: string;
let output: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'judge-'));
  [input, output] = [join(folder, 'in'), join(folder, 'out')];
  await save(join(input, 'images/ct/ct.mha'), new Int16Array(12));
  await mkdir(output);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function save(file: string, data: VoxelArray, grid: object = GRID): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeVolume(file, createVolume({ ...GRID, ...grid }, data));
}
const mask = (labels: readonly number[], grid?: object) =>
  save(join(output, outputOf(task1).path), Uint8Array.from(labels), grid);
async function judge(task: Task = task1) {
  const rows = await judgeOutput(task, input, output);
  const of = (verdict: string) => rows.filter((r) => r.verdict === verdict).map(({ rule }) => rule);
  return { rows, broken: of('broken'), warnings: of('warning'), unseen: of('unseen') };
}
const said = ({ rows }: Awaited<ReturnType<typeof judge>>, rule: string) =>
  rows.find((row) => row.rule === rule)?.observed;

describe('judgeOutput of a label map', () => {
  it('takes a mask on the grid of the CT and tells its volumes', async () => {
    await mask(LABELS);
    const judged = await judge();
    expect([judged.broken, judged.warnings, judged.unseen]).toEqual([[], [], []]);
    expect(said(judged, 'output-plausible')).toBe('GTVp 0.0 ml (2 voxels), GTVn 0.0 ml (2 voxels)');
  });

  it('tells what there is when the mask is missing, and judges nothing else', async () => {
    let judged = await judge();
    expect(judged.broken).toEqual(['output-files']);
    expect(said(judged, 'output-files')).toBe('nothing was written');
    expect(judged.unseen).toEqual(['output-type', 'output-grid', 'output-labels']);
    await writeFile(join(output, 'mask.mha'), '');
    judged = await judge();
    expect(said(judged, 'output-files')).toBe('not written, but mask.mha');
  });

  it('refuses files nobody asked for, but for the log', async () => {
    await mask(LABELS);
    await writeFile(join(output, 'log.txt'), '');
    expect((await judge()).broken).toEqual([]);
    await writeFile(join(output, 'cache.bin'), '');
    const judged = await judge();
    expect(judged.broken).toEqual(['output-files']);
    expect(said(judged, 'output-files')).toBe('also cache.bin');
  });

  it('follows no link and waits for no pipe', async () => {
    await writeFile(join(folder, 'elsewhere.json'), 'true');
    const file = join(output, outputOf(task3).path);
    await symlink(join(folder, 'elsewhere.json'), file);
    let judged = await judge(task3);
    expect([judged.broken, judged.unseen]).toEqual([['output-files'], ['output-type']]);
    expect(said(judged, 'output-files')).toBe('hpv-status.json is a link, not a file');
    await rm(file);
    execFileSync('mkfifo', [file]);
    judged = await judge(task3);
    expect(said(judged, 'output-files')).toContain('is a pipe');
    expect(await outputDigests(output)).toEqual({ outputs: {}, bytes: 0 });
  });

  it('refuses another label', async () => {
    await mask([...LABELS.slice(1), 3]);
    const judged = await judge();
    expect(judged.broken).toEqual(['output-labels']);
    expect(said(judged, 'output-labels')).toBe('0, 1, 2, 3');
  });

  it('refuses another type, labels that are no integers and a file that is no image', async () => {
    await save(join(output, outputOf(task1).path), Int16Array.from(LABELS));
    expect((await judge()).broken).toEqual(['output-type']);
    const probabilities = Float32Array.from(LABELS, (label) => label / 4);
    await save(join(output, outputOf(task1).path), probabilities);
    expect((await judge()).broken).toEqual(['output-type', 'output-labels']);
    await writeFile(join(output, outputOf(task1).path), 'not an image');
    expect((await judge()).broken).toEqual(['output-type']);
  });

  it('refuses another grid', async () => {
    await mask(LABELS, { origin: [5, -6, 8] });
    const judged = await judge();
    expect(judged.broken).toEqual(['output-grid']);
    expect(said(judged, 'output-grid')).toContain('origin');
  });

  it('doubts an empty mask and one that is mostly tumour', async () => {
    await mask(LABELS.map(() => 0));
    expect((await judge()).warnings).toEqual(['output-plausible']);
    const wide = { spacing: [50, 50, 50] };
    await save(join(input, 'images/ct/ct.mha'), new Int16Array(12), wide);
    await mask(
      LABELS.map(() => 1),
      wide,
    );
    const judged = await judge();
    expect([judged.broken, judged.warnings]).toEqual([[], ['output-plausible']]);
  });
});

describe('judgeOutput of JSON', () => {
  const write = (task: Task, text: string) => writeFile(join(output, outputOf(task).path), text);

  it('takes one finite number for task 2', async () => {
    await write(task2, '-0.396\n');
    const judged = await judge(task2);
    expect(judged.broken).toEqual([]);
    expect(said(judged, 'output-type')).toBe('number -0.396');
  });

  it.each([
    ['"0.5"', 'string: "0.5"'],
    ['[0.5]', 'a list: [0.5]'],
    ['null', 'null: null'],
    ['{"risk":1}', 'an object: {"risk":1}'],
    ['true', 'boolean: true'],
    ['NaN', 'not JSON: NaN; the platform makes null of it'],
    ['-Infinity', 'not JSON: -Infinity; the platform makes null of it'],
    ['1e999', 'number: 1e999'],
    ['', 'the file is empty'],
  ])('refuses %j for task 2', async (text, observed) => {
    await write(task2, text);
    const judged = await judge(task2);
    expect(judged.broken).toEqual(['output-type']);
    expect(said(judged, 'output-type')).toBe(observed);
  });

  it('refuses a file far too large for one value without reading it', async () => {
    await write(task3, 'true');
    await truncate(join(output, outputOf(task3).path), 3 * 2 ** 30);
    const judged = await judge(task3);
    expect(judged.broken).toEqual(['output-type']);
    expect(said(judged, 'output-type')).toBe('3.22 GB, far more than one value');
  });

  it('refuses a byte order mark, at which other readers of JSON fail', async () => {
    await write(task3, '\ufefftrue');
    expect((await judge(task3)).broken).toEqual(['output-type']);
  });

  it('shows what is no JSON without upsetting a terminal', async () => {
    await write(task3, '"\x1b[2Ja"\n\n1');
    expect(said(await judge(task3), 'output-type')).toBe('not JSON: "a"\\x0a\\x0a1');
  });

  it('takes true or false for task 3 and nothing else', async () => {
    await write(task3, 'false');
    expect((await judge(task3)).broken).toEqual([]);
    await write(task3, '0');
    expect((await judge(task3)).broken).toEqual(['output-type']);
  });
});

describe('judgeOutput of several outputs', () => {
  const stage = (name: string, classes: (string | number)[]) =>
    ({ name, kind: 'class', path: `${name}.json`, classes }) as const;
  const rfs = { name: 'rfs', kind: 'number', path: 'rfs.json', minimum: 0, maximum: 1 } as const;
  const all: Task = {
    ...task1,
    outputs: [...task1.outputs, stage('t-stage', ['T1', 'T2']), stage('n-stage', [0, 1]), rfs],
  };
  const write = (name: string, text: string) => writeFile(join(output, `${name}.json`), text);

  it('takes all of them and names each', async () => {
    await mask(LABELS);
    await write('t-stage', '"T2"');
    await write('n-stage', '0');
    await write('rfs', '1');
    const { rows, broken } = await judge(all);
    expect(broken).toEqual([]);
    expect(rows.map(({ title, observed }) => `${title}: ${observed}`)).toEqual([
      'exactly the expected output files: all of them and nothing else',
      'type of tumor-lymph-node-segmentation: uint8',
      'mask on the grid of the CT: 3 x 2 x 2 voxels, on the grid of the CT',
      'labels of the mask: 0, 1, 2',
      expect.stringContaining('a plausible result: GTVp'),
      'type of t-stage: class T2',
      'type of n-stage: class 0',
      'type of rfs: number 1',
    ]);
  });

  it('names what is missing and still judges the others', async () => {
    await write('t-stage', '"T9"');
    await write('n-stage', '"0"');
    await write('rfs', '1.5');
    const { rows, broken, unseen } = await judge(all);
    expect(broken).toEqual(['output-files', 'output-type', 'output-type', 'output-type']);
    expect(unseen).toEqual(['output-type', 'output-grid', 'output-labels']);
    const of = (title: string) => rows.find((row) => row.title === title)!;
    expect(rows[0]!.observed).toBe(`written without ${outputOf(task1).path}`);
    expect(of('type of t-stage')).toMatchObject({
      ...{ observed: 'string: "T9"', limit: 'one of "T1", "T2"' },
    });
    expect(of('type of n-stage').limit).toBe('one of 0, 1');
    expect(of('type of rfs').limit).toBe('one finite JSON number from 0 to 1');
  });

  it('compares each with what was expected', async () => {
    for (const name of ['t-stage', 'n-stage']) await write(name, '"T1"');
    await mkdir(join(folder, 'expected'));
    await writeFile(join(folder, 'expected/t-stage.json'), '"T1"');
    await writeFile(join(folder, 'expected/n-stage.json'), '"T2"');
    const rows = await compareOutputs(join(folder, 'expected'), output, all.outputs);
    expect(rows.map(({ observed }) => observed)).toEqual([
      expect.stringMatching(/: the same$/),
      expect.stringMatching(/: different$/),
    ]);
  });
});

describe('compareOutputs', () => {
  const compare = async (task: Task) =>
    (await compareOutputs(join(folder, 'expected'), output, task.outputs)).map(
      ({ title, observed }) => `${title}: ${observed}`,
    );
  const golden = async (path: string, text: string) => {
    await mkdir(join(folder, 'expected'), { recursive: true });
    await writeFile(join(folder, 'expected', path), text);
  };

  it('scores each label with each expected mask', async () => {
    await mask(LABELS);
    const truth = Uint8Array.from([0, 1, 0, 2, 0, 0, 0, 0, 0, 0, 0, 2]);
    await save(join(folder, 'expected/truth.mha'), truth);
    expect(await compare(task1)).toEqual([
      'Dice with the expected truth.mha: GTVp 0.6667, GTVn 1.0000',
    ]);
  });

  it('tells the difference of numbers and whether truth values are the same', async () => {
    await writeFile(join(output, 'rfs.json'), '0.5');
    await golden('rfs.json', '0.4');
    expect((await compare(task2))[0]).toMatch(
      /0\.5 and 0\.4: difference 1\.0e-1 \(relative 2\.5e-1\)/,
    );
    await writeFile(join(output, 'hpv-status.json'), 'true');
    await golden('hpv-status.json', 'false');
    expect((await compare(task3))[0]).toMatch(/true and false: different$/);
  });

  it('names an expected file that is not JSON', async () => {
    await writeFile(join(output, 'hpv-status.json'), 'true');
    await golden('hpv-status.json', 'nope');
    await expect(assertExpectedFolder(join(folder, 'none'))).rejects.toMatchObject({
      code: 'OPTION_INVALID',
    });
    await expect(compare(task3)).rejects.toMatchObject({
      code: 'OPTION_INVALID',
      file: join(folder, 'expected/hpv-status.json'),
    });
  });

  it('has nothing to say without expected outputs', async () => {
    expect(await compare(task1)).toEqual([]);
    expect(await compare(task2)).toEqual([]);
  });
});
