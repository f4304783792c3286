import { join } from 'node:path';
import { isHecktorError } from '@hecktor/errors';
import { realDataDir, useFolder } from '@hecktor/testing';
import { describe, expect, it } from '@jest/globals';
import { factsOf, loadGoldens, unpackGolden, type GoldenCase } from './fixtures/golden-cases.ts';
import { readVolume } from './index.ts';

/** mm, and for the elements of the direction. */
const TOLERANCE = 1e-6;

const generated = loadGoldens('generated');
const real = loadGoldens('real');
const data = realDataDir();

async function expectGolden(path: string, golden: GoldenCase): Promise<void> {
  const outcome = await readVolume(path).then(factsOf, (error: unknown) => error);
  if (golden.error !== undefined) {
    expect(isHecktorError(outcome) ? outcome.code : outcome).toBe(golden.error);
    return;
  }
  if (outcome instanceof Error) throw outcome;
  const found = outcome as ReturnType<typeof factsOf>;
  for (const field of ['spacing', 'origin', 'direction'] as const) {
    const off = found[field].map((value, i) => Math.abs(value - golden[field][i]!));
    expect({ field, off: Math.max(...off) <= TOLERANCE, found: found[field] }).toEqual({
      field,
      off: true,
      found: found[field],
    });
  }
  expect({ size: found.size, type: found.type, sha256: found.sha256 }).toEqual({
    size: golden.size,
    type: golden.type,
    sha256: golden.sha256,
  });
}

describe('readVolume gives what SimpleITK gives', () => {
  const folder = useFolder();

  it.each(generated.map((golden) => [golden.name, golden] as const))('%s', async (_, golden) => {
    await expectGolden(await unpackGolden(golden, folder.path), golden);
  });
});

(data === undefined ? describe.skip : describe)('readVolume on real images', () => {
  it.each(real.map((golden) => [golden.name, golden] as const))('%s', async (name, golden) => {
    await expectGolden(join(data!, name), golden);
  });
});
