import { request } from 'node:http';
import { symlinkSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { formatCases, type CaseScore } from '@hecktor/cohort';
import { readVolume, toNumeric, writeVolume } from '@hecktor/image-io';
import { ballCase, expectGrid, useFolder } from '@hecktor/testing';
import {
  createVolume,
  linearValue,
  voxelToWorld,
  worldToVoxel,
  type Vec3,
  type Volume,
} from '@hecktor/volume';
import type { CaseInfo, StudyInfo } from './api.ts';
import { openCaseFiles } from './case-files.ts';
import { LESION, makeStudy, RADIUS, type TestStudy } from './fixtures/make-study.ts';
import { readOptions } from './options.ts';
import { serveViewer, type Viewer } from './server.ts';
import { readStudy } from './study.ts';

const folder = useFolder();
let made: TestStudy;
let viewer: Viewer;

function serve(...args: readonly string[]): Promise<Viewer> {
  const options = readOptions(['--data', made.data, '--port', '0', ...args]);
  return serveViewer(readStudy(options), folder.path, options.port);
}

beforeAll(async () => {
  made = await makeStudy(folder);
  folder.put('index.html', '<!doctype html>');
  viewer = await serve('--pred', made.run, '--pred', made.masks, '--scores', made.scores);
});
afterAll(() => viewer.close());

interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: Buffer;
}

/** Sends a path as it is, which `fetch` would tidy up. */
function ask(path: string, options: { host?: string; method?: string } = {}): Promise<Reply> {
  const { hostname, port, host } = new URL(viewer.url);
  const headers = { host: options.host ?? host };
  return new Promise((resolve, reject) => {
    // A connection that is kept may be closed by the server just as it is used again.
    const how = { method: options.method ?? 'GET', headers, agent: false };
    request({ hostname, port, path, ...how }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        const { statusCode = 0, headers } = response;
        resolve({ status: statusCode, headers, body: Buffer.concat(chunks) });
      });
    })
      .on('error', reject)
      .end();
  });
}

async function json<T>(path: string): Promise<T> {
  return JSON.parse((await ask(path)).body.toString()) as T;
}

it('lists cases with what each run made of them', async () => {
  const { runs, cases } = await json<StudyInfo>('/api/study');
  expect(runs).toEqual(['run', 'masks']);
  const none = { errors: 0, answers: [] };
  expect(cases).toEqual([
    {
      id: 'P-1',
      results: [
        { dsc: { GTVp: 1 }, ...none },
        { dsc: {}, ...none },
      ],
    },
    {
      id: 'P-2',
      results: [
        { failure: 'the image is cut short', dsc: {}, ...none },
        { failure: 'no prediction', dsc: {}, ...none },
      ],
    },
  ]);
});

it('finds lesions, their uptake, and which of them a run missed or made up', async () => {
  const info = await json<CaseInfo>('/api/cases/P-1');
  expect(info.images).toEqual(['ct', 'pet', 'truth', 'run-0', 'run-1']);
  expect(info.problems).toEqual([]);
  const [truth, same, madeUp] = info.lesions;
  expect(info.lesions).toHaveLength(3);
  expect(truth).toMatchObject({ mask: 'truth', title: 'GTVp 1', suvMax: 20, absentIn: ['run-1'] });
  expect(Math.abs(truth!.volume - (4 / 3) * Math.PI * (RADIUS / 10) ** 3)).toBeLessThan(0.4);
  const [l, p, s] = LESION;
  [-l, -p, s].forEach((mm, axis) => expect(Math.abs(truth!.centre[axis]! - mm)).toBeLessThan(3));
  expect(same).toMatchObject({ mask: 'run-0', volume: truth!.volume, absentIn: [] });
  expect(madeUp).toMatchObject({ mask: 'run-1', title: 'GTVn 1', label: 2, absentIn: ['truth'] });
  expect(madeUp!.volume).toBeCloseTo(0.128, 12);
});

it('finds the same lesion in a patient whose axes point elsewhere', async () => {
  const { lesions, record } = await json<CaseInfo>('/api/cases/P-2');
  expect(lesions.map(({ mask }) => mask)).toEqual(['truth']);
  const [l, p, s] = LESION;
  [-l, -p, s].forEach((mm, axis) =>
    expect(Math.abs(lesions[0]!.centre[axis]! - mm)).toBeLessThan(3),
  );
  expect(record).toEqual({ Age: 61 });
});

it.each([
  ['P-1', 'ct', 'P-1/P-1__CT.nii.gz'],
  ['P-2', 'ct', 'P-2/images/ct/a.mha'],
  ['P-2', 'truth', 'P-2/P-2.mha'],
])('serves %s %s as NIfTI, voxels and geometry unchanged', async (id, name, file) => {
  const { status, headers, body } = await ask(`/api/cases/${id}/${name}`);
  expect(status).toBe(200);
  expect(headers['content-length']).toBe(String(body.length));
  expect(headers['cache-control']).toBe('no-store');
  const served = await readVolume(folder.put(`${id}-${name}.nii`, body));
  const original = await readVolume(join(made.data, file));
  // NIfTI holds geometry in single precision.
  expectGrid(served, original, 1e-4);
  expect(served.data).toEqual(original.data);
});

it('serves the PET on voxels of at most 2 mm in the frame of the CT', async () => {
  const { body } = await ask('/api/cases/P-2/pet');
  const pet = await readVolume(folder.put('pet.nii', body));
  const ct = await readVolume(join(made.data, 'P-2/images/ct/a.mha'));
  const edges = (grid: Volume) => {
    const [nx, ny, nz] = grid.size;
    return [
      ...voxelToWorld(grid, [-0.5, -0.5, -0.5]),
      ...voxelToWorld(grid, [nx - 0.5, ny - 0.5, nz - 0.5]),
    ];
  };
  edges(ct).forEach((mm, i) => expect(edges(pet)[i]).toBeCloseTo(mm, 3));
  expect(pet.spacing.every((step) => step > 1.9 && step <= 2)).toBe(true);
  // Between a scanner's voxels it has values between theirs.
  const original = await readVolume(join(made.data, 'P-2/images/pet/b.mha'));
  for (const place of [LESION, [0, 0, 0], [40, 0, 20]] as Vec3[]) {
    const at = (image: Volume) =>
      linearValue(toNumeric(image), worldToVoxel(image, place)) ?? Number.NaN;
    expect(Math.abs(at(pet) - at(original))).toBeLessThan(0.3);
  }
});

describe('what is not served', () => {
  it.each([
    '/../../etc/passwd',
    '/viewer.js/../../../etc/passwd',
    '/etc/passwd',
    '/api/cases/..%2f..%2f..%2fetc%2fpasswd',
    '/api/cases/P-1/..%2fP-2%2fehr.json',
    '/api/cases/P-1/P-1__CT.nii.gz',
    '/api/cases/P-1/rt-dose',
    '/api/cases/P-3',
    '/api/cases/__proto__',
    '/api/cases/%E0%A4%A',
    '/run/run.json',
  ])('%s', async (path) => {
    const { status, body } = await ask(path);
    expect(status).toBe(404);
    expect(JSON.parse(body.toString())).toEqual({
      code: expect.stringMatching(/^(NOT_FOUND|CASE_UNKNOWN)$/),
      message: expect.not.stringContaining('    at '),
    });
  });

  it('a file behind a link that leads out of the folders', async () => {
    const outside = folder.put('outside/secret.mha', 'x');
    const link = join(made.data, 'P-2/images/pet/b.mha');
    rmSync(link);
    symlinkSync(outside, link);
    const { status, body } = await ask('/api/cases/P-2/pet');
    expect(status).toBe(500);
    expect(body.toString()).toContain('IMAGE_UNREADABLE');
    expect(body.toString()).toContain('it is a link out of the folders');
    const { problems, images } = await json<CaseInfo>('/api/cases/P-2');
    expect(problems).toHaveLength(1);
    expect(images).toEqual(['ct', 'truth']);
  });

  it('an image that is broken, in words', async () => {
    writeFileSync(join(made.data, 'P-2/images/ct/a.mha'), 'ObjectType = Image\n');
    await ask('/api/cases/P-1');
    const { status, body } = await ask('/api/cases/P-2/ct');
    expect(status).toBe(500);
    expect(body.toString()).toContain('Likely cause');
  });

  it.each(['evil.example', 'evil.example:4280', '127.0.0.1.evil.example'])(
    'anything to a page under the name "%s"',
    async (host) => {
      const { status, body } = await ask('/api/study', { host });
      expect(status).toBe(403);
      expect(body.toString()).not.toContain('P-1');
    },
  );

  it('anything but reading', async () => {
    expect((await ask('/api/study', { method: 'POST' })).status).toBe(405);
  });
});

it('says that a PET holds NaN in a lesion, and lists the lesion without its SUVmax', async () => {
  const { ct, pet, truth } = ballCase({ lesion: LESION, radius: RADIUS });
  const data = pet.data.map((value) => (value > 10 ? NaN : value));
  folder.make('nan/P-1');
  const images = { P_CT: ct, P_PT: createVolume(pet, data), P: truth };
  for (const [name, image] of Object.entries(images)) {
    const file = name.replace('P', 'P-1').replace('_', '__');
    await writeVolume(folder.at(`nan/P-1/${file}.mha`), image);
  }
  const files = openCaseFiles(readStudy(readOptions(['--data', folder.at('nan')])));
  const { lesions, problems } = await files.info('P-1');
  expect(lesions).toEqual([expect.objectContaining({ title: 'GTVp 1', suvMax: undefined })]);
  expect(problems).toEqual([expect.stringMatching(/^IMAGE_NOT_FINITE /)]);
});

it('shows numbers of other tasks beside the images', () => {
  const table = folder.put('risks.csv', 'id,value\nP-1,0.83\n');
  const args = ['--data', made.data, '--task', 'task2', '--pred', table];
  const { info, cases } = readStudy(readOptions(args));
  expect(info.title).toBe('task2: Risk of recurrence');
  expect(info.cases.map(({ results }) => results)).toEqual([
    [{ dsc: {}, errors: 0, answers: [{ output: 'rfs', value: '0.83', number: 0.83 }] }],
    [{ dsc: {}, errors: 0, answers: [], failure: 'no prediction' }],
  ]);
  expect([...cases.get('P-1')!.images.keys()]).toEqual(['ct', 'pet', 'truth']);
});

it('shows all outputs of a task, and what they were scored by', () => {
  const run = folder.make('stages');
  const put = (path: string, value: unknown) => folder.put(path, JSON.stringify(value));
  const done = { id: 'P-1', run: 'r', status: 'done' };
  put('stages/run.json', { task: 'hecktor26', digest: 'r', cases: [done, { id: 'P-2' }] });
  put('stages/cases/P-1/case.json', done);
  put('stages/cases/P-1/usage.json', { seconds: 1 });
  const output = 'stages/cases/P-1/output';
  folder.put(`${output}/images/head-neck-tumor-segmentation/output.mha`, '');
  for (const [name, value] of [
    ['t-stage', 'T2'],
    ['n-stage', 'N0'],
    ['rfs', -1.5],
  ] as const) {
    put(`${output}/${name}.json`, value);
  }
  const row = { id: 'P-1', centre: 'P', status: 'scored' } as const;
  const scored: Record<string, CaseScore> = {
    'head-neck-tumor-segmentation': row,
    't-stage': { ...row, namedClass: { truth: 'T3', prediction: 'T2' } },
    'n-stage': { ...row, namedClass: { truth: 'N0', prediction: 'N0' } },
    rfs: { ...row, survival: { time: 400, event: true, risk: -1.5 } },
  };
  for (const [name, one] of Object.entries(scored)) {
    folder.put(`stage-scores/${name}/cases.csv`, formatCases([one]));
  }
  const args = ['--data', made.data, '--pred', run, '--scores', folder.at('stage-scores')];
  const { info } = readStudy(readOptions(args));
  expect(info.cases.map(({ results }) => results[0])).toEqual([
    {
      ...{ dsc: {}, errors: 1 },
      answers: [
        { output: 't-stage', value: 'T2', truth: 'T3', isWrong: true },
        { output: 'n-stage', value: 'N0', truth: 'N0', isWrong: false },
        { output: 'rfs', value: '-1.5', number: -1.5, truth: 'recurrence after 400 days' },
      ],
    },
    { dsc: {}, errors: 0, answers: [], failure: 'not predicted yet' },
  ]);
});

it('names itself only to this machine and lets the page load nothing from elsewhere', async () => {
  expect(viewer.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/);
  const { headers } = await ask('/', { host: 'localhost:1' });
  expect(headers['content-security-policy']).toContain("default-src 'none'");
  expect(headers['content-security-policy']).not.toMatch(/http|\*|unsafe/);
});

it('says which port is taken', async () => {
  const { port } = new URL(viewer.url);
  await expect(serve('--port', port)).rejects.toThrow(
    `PORT_UNAVAILABLE the port cannot be opened: 127.0.0.1:${port} (EADDRINUSE)`,
  );
});

describe('options', () => {
  it.each([
    [[], '--data: expected the folder or table of a cohort. Likely cause: the option is missing'],
    [['--data='], '--data: it has no value'],
    [['--data', 'x', '--pred', ''], '--pred: it has no value'],
    [['--data', 'x', '--port', '70000'], '--port'],
    [['--data', 'x', '--scores', 's'], '--scores: expected at most one for each --pred'],
    [['--data', 'x', '--wrong'], "'--wrong'"],
  ])('%j', (args, message) => {
    expect(() => readOptions(args)).toThrow(message);
  });

  it.each([
    [['--data', 'nowhere'], 'COHORT_INVALID'],
    [['--task', 'task9'], 'expected one of hecktor26, task1'],
    [['--pred', 'nowhere'], 'PREDICTIONS_INVALID'],
    [['--pred', 'tools'], 'PREDICTIONS_INVALID'],
  ])('%j', (args, message) => {
    expect(() => readStudy(readOptions(['--data', made.data, ...args]))).toThrow(message);
  });
});
