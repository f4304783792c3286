import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { HecktorError, isHecktorError } from '@hecktor/errors';
import { readVolume } from '@hecktor/image-io';
import { useFolder } from '@hecktor/testing';
import { createGrid, createVolume, isSameGrid } from '@hecktor/volume';
import { assertWritable, removeOutput, writeJson, writeLabelMap } from './index.ts';
import { taskOf } from './fixtures/tasks.ts';
import { outputError, writeOutput } from './write-output.ts';

const SEGMENTATION = taskOf('task1').output;
const RFS = taskOf('task2').output;
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

describe('writeJson', () => {
  it.each([-0.396, 0, 1e-9, true, false])('writes %s', async (value) => {
    const path = await writeJson(output.path, RFS, value);
    expect(JSON.parse(readFileSync(path, 'utf8'))).toBe(value);
  });

  it.each([NaN, Infinity])('refuses %s', async (value) => {
    await expect(writeJson(output.path, RFS, value)).rejects.toThrow('MODEL_OUTPUT_INVALID');
    expect(left()).toEqual([]);
  });
});

describe('writeLabelMap', () => {
  it('writes the one file of the socket, on its grid', async () => {
    const grid = createGrid([3, 4, 5], { spacing: [0.5, 1, 3], origin: [-1, 2, 3] });
    const labels = createVolume(
      grid,
      Uint8Array.from({ length: 60 }, (_, i) => i % 3),
    );
    const path = await writeLabelMap(output.path, SEGMENTATION, labels);
    expect(readdirSync(join(output.path, 'images/tumor-lymph-node-segmentation'))).toEqual([
      'output.mha',
    ]);
    const back = await readVolume(path);
    expect(isSameGrid(labels, back)).toBe(true);
    expect(back.data).toEqual(labels.data);
  });
});

describe('removeOutput', () => {
  it('removes the file of its socket and nothing else', () => {
    for (const name of ['rfs.json', 'log.txt']) writeFileSync(join(output.path, name), '1');
    removeOutput(output.path, RFS);
    expect(existsSync(join(output.path, 'rfs.json'))).toBe(false);
    expect(existsSync(join(output.path, 'log.txt'))).toBe(true);
  });

  it('is content when there is none, nor a folder for it', () => {
    expect(() => removeOutput(output.path, RFS)).not.toThrow();
    expect(() => removeOutput(output.path, SEGMENTATION)).not.toThrow();
  });

  it('refuses a folder in its place', () => {
    mkdirSync(join(output.path, 'rfs.json'));
    expect(() => removeOutput(output.path, RFS)).toThrow(
      /OUTPUT_WRITE_FAILED.*a folder has its place/,
    );
  });

  it('names permissions as the reason where another user made the file', () => {
    // Below /proc nothing can be removed, by nobody.
    const socket = { ...RFS, path: 'self/maps' };
    expect(() => removeOutput('/proc', socket)).toThrow(/OUTPUT_WRITE_FAILED.*Permission denied/);
  });
});
