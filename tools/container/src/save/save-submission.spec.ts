import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { craftedArchive } from '../../testing/crafted-archive.ts';
import { exhaust } from '../archive/tar.ts';
import { readImageArchive } from '../archive/read-image-archive.ts';
import { createEngine, type Engine } from '../engine/open-engine.ts';
import { filesIn } from '../test-run/folders.ts';
import { type Rerun, saveSubmission, type SubmissionOptions } from './save-submission.ts';

let folder: string;
let content: Buffer;
let id: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'submission-'));
  content = await craftedArchive();
  await writeFile(join(folder, 'image.tar'), content);
  id = (await readImageArchive(join(folder, 'image.tar'))).images[0]!.id;
  await rm(join(folder, 'image.tar'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const OUTPUTS = { 'rfs.json': 'a1' };

/** An engine that has one image, and one that notes the commands it was given. */
function engine(labels: Record<string, string> = {}): Engine & { commands: string[][] } {
  const commands: string[][] = [];
  const image = { Id: id, Architecture: 'amd64', Size: content.length, Config: { Labels: labels } };
  return {
    ...createEngine('docker', async (_name, args, options) => {
      commands.push([...args]);
      if (options?.input !== undefined) await exhaust(options.input);
      return { code: 0, stdout: JSON.stringify([image]), stderr: '' };
    }),
    commands,
    stream: () => ({
      stdout: Readable.from([content]),
      ended: Promise.resolve({ code: 0, stderr: '' }),
      kill: () => undefined,
    }),
  };
}

async function save(on = engine(), options: Partial<SubmissionOptions> = {}) {
  const notes: string[] = [];
  const saved = await saveSubmission(on, {
    image: 'i',
    archive: join(folder, 'submission_task2.tar.gz'),
    modelArchive: join(folder, 'model_task2.tar.gz'),
    resources: join(folder, 'resources'),
    verdict: join(folder, 'verdict.json'),
    ...{ maxBytes: 1e6, force: false, weights: 'inside' },
    rerun: () => Promise.resolve({ cases: ['input'], outputs: OUTPUTS }),
    onNote: (note) => notes.push(note),
    ...options,
  });
  return { ...saved, notes };
}

async function tested(
  verdict: Partial<Rerun> & { passed?: boolean; imageId?: string; api?: string } = {},
) {
  const whole = {
    imageId: id,
    profile: 'hecktor25',
    passed: true,
    cases: ['input'],
    outputs: OUTPUTS,
  };
  await writeFile(join(folder, 'verdict.json'), JSON.stringify({ ...whole, ...verdict }));
}

describe('saveSubmission', () => {
  it('refuses an image that was not tested as the platform will run it', async () => {
    await tested();
    const labels = { 'org.grand-challenge.api-method': 'invoke' };
    await expect(save(engine(labels))).rejects.toMatchObject({
      code: 'TEST_RUN_MISSING',
      detail: 'it was tested as exec, and its label asks for invoke',
    });
    await tested({ api: 'invoke' });
    expect((await save(engine(labels))).notes).toEqual([]);
  });

  it('saves what passed its test run, with facts and a bill of materials beside it', async () => {
    await tested();
    const on = engine();
    const { image, notes } = await save(on);
    expect(await filesIn(folder)).toEqual([
      'submission_task2.cdx.json',
      'submission_task2.json',
      'submission_task2.tar.gz',
      'verdict.json',
    ]);
    const facts = JSON.parse(await readFile(join(folder, 'submission_task2.json'), 'utf8'));
    expect(facts).toMatchObject({
      archive: { file: 'submission_task2.tar.gz', sha256: image.sha256, bytes: image.bytes },
      image: { id },
      testRun: { outputs: OUTPUTS },
    });
    expect(notes).toEqual([]);
    // The temporary name is gone again.
    const [loaded] = on.commands.filter(([first]) => first === 'load');
    expect(loaded).toEqual(['load']);
    expect(on.commands.at(-1)).toEqual([
      'image',
      'rm',
      expect.stringMatching(/^hecktor-verified:/),
    ]);
  });

  it.each([
    ['no test run', undefined, /there was no test run/],
    ['a failed one', { passed: false }, /broke a rule/],
    ['one of another build', { imageId: 'sha256:old' }, /another build/],
  ])('refuses after %s, unless forced', async (_name, verdict, detail) => {
    if (verdict !== undefined) await tested(verdict);
    await expect(save()).rejects.toMatchObject({
      code: 'TEST_RUN_MISSING',
      detail: expect.stringMatching(detail),
    });
    expect(await filesIn(folder)).not.toContain('submission_task2.tar.gz');
    expect((await save(engine(), { force: true })).notes).toEqual([
      expect.stringMatching(/^warning: saved untested/),
    ]);
  });

  it('leaves nothing when the image gives another result from its archive', async () => {
    await tested();
    const rerun = () => Promise.resolve({ cases: ['input'], outputs: { 'rfs.json': 'b2' } });
    await expect(save(engine(), { rerun })).rejects.toMatchObject({
      code: 'RESULT_VARIES',
      detail: expect.stringContaining('rfs.json'),
    });
    expect(await filesIn(folder)).toEqual(['verdict.json']);
  });

  it.each([true, false])(
    'tells of another result where the time cut a plan short',
    async (isCutShort) => {
      await tested({ isCutShort });
      const again = { cases: ['input'], outputs: { 'rfs.json': 'b2' }, isCutShort: !isCutShort };
      const { notes } = await save(engine(), { rerun: () => Promise.resolve(again) });
      expect(notes).toEqual([
        expect.stringMatching(/^note: the plan left out .* rfs\.json differs/),
      ]);
      expect(await filesIn(folder)).toContain('submission_task2.tar.gz');
    },
  );

  it('leaves nothing when it is interrupted while packing', async () => {
    await tested();
    const controller = new AbortController();
    const onProgress = () => controller.abort(new Error('Ctrl-C'));
    await expect(save(engine(), { onProgress, signal: controller.signal })).rejects.toThrow(
      'Ctrl-C',
    );
    expect(await filesIn(folder)).toEqual(['verdict.json']);
  });

  it('leaves nothing when the archive is not the image that was tested', async () => {
    await tested();
    content = await craftedArchive({ files: { a: 'changed meanwhile' } });
    await expect(save()).rejects.toMatchObject({ code: 'ARCHIVE_INVALID' });
    expect(await filesIn(folder)).toEqual(['verdict.json']);
  });

  it('warns of an image that was built for another time limit, whatever its test run said', async () => {
    await tested();
    const labels = { 'hecktor.time-limit-s': '900' };
    expect((await save(engine(labels), { timeLimit: 900 })).notes).toEqual([]);
    expect((await save(engine(labels), { timeLimit: 600 })).notes).toEqual([
      expect.stringMatching(/^warning: the image was built for 900 s and is stopped at 600 s/),
    ]);
  });

  it('refuses an image without weights that is to be saved as a whole one', async () => {
    await tested();
    await expect(save(engine({ 'hecktor.weights': 'separate' }))).rejects.toMatchObject({
      code: 'CHECK_FAILED',
      fix: expect.stringContaining('--weights=inside'),
    });
  });
});
