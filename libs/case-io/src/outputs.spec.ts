import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { HecktorError, isHecktorError } from '@hecktor/errors';
import { readVolume } from '@hecktor/image-io';
import { useFolder } from '@hecktor/testing';
import { createGrid, createVolume, isSameGrid } from '@hecktor/volume';
import {
  assertWritable,
  removeOutputs,
  writeOutputs,
  type OutputValues,
  type TaskOutput,
} from './index.ts';
import { taskOf } from './fixtures/tasks.ts';
import { outputError, writeOutput } from './write-output.ts';

const [MASK] = taskOf('task1').outputs as [TaskOutput];
const [RFS] = taskOf('task2').outputs as [TaskOutput];
const output = useFolder({ each: true });

const left = () => readdirSync(output.path, { recursive: true });

describe('writeOutput', () => {
  const path = () => join(output.path, 'a/b/file.txt');

  it('makes folders and leaves the file alone', async () => {
    await writeOutput(path(), (temporary) => {
      expect(existsSync(path())).toBe(false);
      writeFileSync(temporary, 'whole');
    });
    expect(readFileSync(path(), 'utf8')).toBe('whole');
    expect(readdirSync(join(output.path, 'a/b'))).toEqual(['file.txt']);
  });

  it('leaves nothing when the write fails half way', async () => {
    const full = Object.assign(new Error('full'), { code: 'ENOSPC' });
    const error = await writeOutput(path(), (temporary) => {
      writeFileSync(temporary, 'ha');
      throw full;
    }).catch((thrown: unknown) => thrown);
    expect(isHecktorError(error, 'OUTPUT_WRITE_FAILED')).toBe(true);
    expect((error as Error).message).toContain('no space is left');
    expect(left()).toEqual([]);
  });

  it('leaves an older result and a foreign file as they were', async () => {
    mkdirSync(join(output.path, 'a/b'), { recursive: true });
    writeFileSync(path(), 'old');
    const stop = new AbortController();
    const reason = new HecktorError('INTERRUPTED');
    const error = await writeOutput(
      path(),
      (temporary) => {
        writeFileSync(temporary, 'new');
        stop.abort(reason);
      },
      { signal: stop.signal },
    ).catch((thrown: unknown) => thrown);
    expect(error).toBe(reason);
    expect(readdirSync(join(output.path, 'a/b'))).toEqual(['file.txt']);
    expect(readFileSync(path(), 'utf8')).toBe('old');
  });

  it('says when a part of the path is a file', async () => {
    writeFileSync(join(output.path, 'a'), '');
    await expect(writeOutput(path(), () => undefined)).rejects.toThrow('OUTPUT_WRITE_FAILED');
  });
});

describe('assertWritable', () => {
  it('makes a missing folder and leaves no probe in it', () => {
    assertWritable(join(output.path, 'new'));
    expect(left()).toEqual(['new']);
  });

  it("refuses a file in the folder's place", () => {
    writeFileSync(join(output.path, 'file'), '');
    expect(() => assertWritable(join(output.path, 'file'))).toThrow('OUTPUT_WRITE_FAILED');
    expect(() => assertWritable(join(output.path, 'file', 'below'))).toThrow('OUTPUT_WRITE_FAILED');
  });

  it.each([
    ['EACCES', 'Permission denied'],
    ['EROFS', 'read-only'],
    ['ENOSPC', 'no space is left'],
    ['EIO', 'EIO'],
  ])('says what %s means', (code, words) => {
    const error = outputError('/output', Object.assign(new Error('refused'), { code }));
    expect(error.code).toBe('OUTPUT_WRITE_FAILED');
    expect(error.message).toContain(words);
    expect(error.file).toBe('/output');
  });
});

describe('writeOutputs', () => {
  const labels = createVolume(
    createGrid([3, 4, 5], { spacing: [0.5, 1, 3], origin: [-1, 2, 3] }),
    Uint8Array.from({ length: 60 }, (_, i) => i % 3),
  );
  const STAGE = {
    ...{ name: 't-stage', kind: 'class', path: 't-stage.json' },
    classes: ['T1', 'T2'],
  } as const satisfies TaskOutput;
  const ALL = [MASK, STAGE, RFS];
  const values = { [MASK.name]: labels, 't-stage': 'T2', rfs: 0.25 };

  it.each([-0.396, 0, 1e-9])('writes the number %s', async (value) => {
    const [path] = await writeOutputs(output.path, [RFS], { rfs: value });
    expect(JSON.parse(readFileSync(path!, 'utf8'))).toBe(value);
  });

  it('turns a risk where the file wants it higher = later', async () => {
    const days = { ...RFS, higherIs: 'later' } as TaskOutput;
    const [path] = await writeOutputs(output.path, [days], { rfs: 0.25 });
    expect(readFileSync(path!, 'utf8')).toBe('-0.25');
  });

  it('writes a class that is a number as that', async () => {
    const [path] = await writeOutputs(output.path, [{ ...STAGE, classes: [1, 2] }], {
      't-stage': '2',
    });
    expect(readFileSync(path!, 'utf8')).toBe('2');
  });

  it('writes the one file of a mask, on its grid', async () => {
    const [path] = await writeOutputs(output.path, [MASK], { [MASK.name]: labels });
    expect(readdirSync(join(output.path, 'images/tumor-lymph-node-segmentation'))).toEqual([
      'output.mha',
    ]);
    const back = await readVolume(path!);
    expect(isSameGrid(labels, back)).toBe(true);
    expect(back.data).toEqual(labels.data);
  });

  it('writes outputs of several kinds', async () => {
    const paths = await writeOutputs(output.path, ALL, values);
    expect(paths).toEqual(ALL.map(({ path }) => join(output.path, path)));
    expect(paths.slice(1).map((path) => readFileSync(path, 'utf8'))).toEqual(['"T2"', '0.25']);
    expect((await readVolume(paths[0]!)).data).toEqual(labels.data);
  });

  it.each<[TaskOutput, unknown, string]>([
    [RFS, NaN, 'rfs is NaN, expected one finite JSON number'],
    [RFS, undefined, 'rfs is undefined'],
    [{ ...RFS, minimum: 0, maximum: 1 } as TaskOutput, 1.5, 'one finite JSON number from 0 to 1'],
    [STAGE, 'T3', 't-stage is T3, expected one of "T1", "T2"'],
    [{ ...STAGE, classes: [1, 2] }, '3', 't-stage is 3, expected one of 1, 2'],
    [MASK, 'T1', 'expected a label map'],
    [STAGE, labels, 't-stage is a label map'],
  ])('refuses what is not of the kind of %j: %s', async (target, value, words) => {
    const bad = { ...values, [target.name]: value } as OutputValues;
    const done = writeOutputs(
      output.path,
      [MASK, STAGE, RFS].map((o) => (o.name === target.name ? target : o)),
      bad,
    );
    await expect(done).rejects.toThrow(words);
    await expect(done).rejects.toMatchObject({ code: 'MODEL_OUTPUT_INVALID' });
    expect(left()).toEqual([]);
  });

  it.each([0, 1, 2])('writes none where a folder has the place of number %s', async (i) => {
    mkdirSync(join(output.path, ALL[i]!.path), { recursive: true });
    await expect(writeOutputs(output.path, ALL, values)).rejects.toThrow('a folder has its place');
    const files = readdirSync(output.path, { recursive: true, withFileTypes: true });
    expect(files.filter((entry) => !entry.isDirectory())).toEqual([]);
  });

  it('writes none once it is aborted', async () => {
    const reason = new HecktorError('INTERRUPTED');
    const options = { signal: AbortSignal.abort(reason) };
    await expect(writeOutputs(output.path, ALL, values, options)).rejects.toBe(reason);
    expect(left()).toEqual([]);
  });
});

describe('removeOutputs', () => {
  it('removes the files of the task and nothing else', () => {
    for (const name of ['rfs.json', 'hpv.json', 'log.txt']) {
      writeFileSync(join(output.path, name), '1');
    }
    removeOutputs(output.path, [MASK, RFS, { path: 'hpv.json' }]);
    expect(left()).toEqual(['log.txt']);
  });

  it('refuses a folder in the place of one', () => {
    mkdirSync(join(output.path, 'rfs.json'));
    expect(() => removeOutputs(output.path, [RFS])).toThrow(
      /OUTPUT_WRITE_FAILED.*a folder has its place/,
    );
  });

  it('names permissions as the reason where another user made the file', () => {
    // Below /proc nothing can be removed, by nobody.
    expect(() => removeOutputs('/proc', [{ path: 'self/maps' }])).toThrow(
      /OUTPUT_WRITE_FAILED.*Permission denied/,
    );
  });
});
