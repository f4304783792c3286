import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HecktorError, isHecktorError } from '@hecktor/errors';
import { readVolume } from '@hecktor/image-io';
import { createGrid, createVolume, isSameGrid } from '@hecktor/volume';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SEGMENTATION, assertWritable, writeJson, writeLabelMap, writeOutput } from './index.ts';
import { outputError } from './write-output.ts';

let output = '';
beforeEach(() => {
  output = mkdtempSync(join(tmpdir(), 'case-io-'));
});
afterEach(() => rmSync(output, { recursive: true, force: true }));

const left = () => readdirSync(output, { recursive: true });

describe('writeOutput', () => {
  const path = () => join(output, 'a/b/file.txt');

  it('makes folders and leaves the file alone', async () => {
    await writeOutput(path(), (temporary) => {
      expect(existsSync(path())).toBe(false);
      writeFileSync(temporary, 'whole');
    });
    expect(readFileSync(path(), 'utf8')).toBe('whole');
    expect(readdirSync(join(output, 'a/b'))).toEqual(['file.txt']);
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
    mkdirSync(join(output, 'a/b'), { recursive: true });
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
    expect(readdirSync(join(output, 'a/b'))).toEqual(['file.txt']);
    expect(readFileSync(path(), 'utf8')).toBe('old');
  });

  it('says when a part of the path is a file', async () => {
    writeFileSync(join(output, 'a'), '');
    await expect(writeOutput(path(), () => undefined)).rejects.toThrow('OUTPUT_WRITE_FAILED');
  });
});

describe('assertWritable', () => {
  it('makes a missing folder and leaves no probe in it', () => {
    assertWritable(join(output, 'new'));
    expect(left()).toEqual(['new']);
  });

  it("refuses a file in the folder's place", () => {
    writeFileSync(join(output, 'file'), '');
    expect(() => assertWritable(join(output, 'file'))).toThrow('OUTPUT_WRITE_FAILED');
    expect(() => assertWritable(join(output, 'file', 'below'))).toThrow('OUTPUT_WRITE_FAILED');
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
  const socket = { name: 'rfs', path: 'rfs.json' };

  it.each([-0.396, 0, 1e-9, true, false])('writes %s', async (value) => {
    const path = await writeJson(output, socket, value);
    expect(JSON.parse(readFileSync(path, 'utf8'))).toBe(value);
  });

  it.each([NaN, Infinity])('refuses %s', async (value) => {
    await expect(writeJson(output, socket, value)).rejects.toThrow('MODEL_OUTPUT_INVALID');
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
    const path = await writeLabelMap(output, SEGMENTATION, labels);
    expect(readdirSync(join(output, 'images/tumor-lymph-node-segmentation'))).toEqual([
      'output.mha',
    ]);
    const back = await readVolume(path);
    expect(isSameGrid(labels, back)).toBe(true);
    expect(back.data).toEqual(labels.data);
  });
});
