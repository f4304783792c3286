import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { readGoldenJson, realDataDir } from '@hecktor/testing';
import { arrayClassOf, createVolume } from '@hecktor/volume';
import type { NumericVoxelArray, ScalarType, Vec3, Volume } from '@hecktor/volume';
import { boxMask, radiomics, type RadiomicsParams } from '../index.ts';

interface StoredGrid {
  size: Vec3;
  spacing: Vec3;
  origin: Vec3;
  direction: number[];
}
interface Stored {
  type: ScalarType;
  offset: number;
  count: number;
}
interface Case extends StoredGrid {
  name: string;
  image: Stored;
  mask: Stored;
  params: RadiomicsParams;
  features: Record<string, number> | null;
}
interface RealCase extends Pick<Case, 'name' | 'params' | 'features'> {
  patient: string;
  kind: string;
  drawn: string;
  image: StoredGrid;
  mask: StoredGrid;
}

const folder = new URL('../../golden/', import.meta.url);
const golden = readGoldenJson<{ cases: Case[]; real: RealCase[] }>(
  new URL('radiomics.json', folder),
);
const bytes = Uint8Array.from(readFileSync(new URL('radiomics.bin', folder)));

function volume<T extends NumericVoxelArray>(stored: StoredGrid, data: T): Volume<T> {
  return createVolume({ ...stored, direction: Float64Array.from(stored.direction) }, data);
}

function load<T extends NumericVoxelArray>(grid: StoredGrid, { type, offset, count }: Stored) {
  const Class = arrayClassOf(type);
  return volume(grid, new Class(bytes.buffer, offset, count) as unknown as T);
}

/**
 * A millionth of the value; where it is a difference that leaves next to nothing, of the numbers
 * that it is the difference of.
 */
const FLOORS: Record<string, number> = { firstorder_Skewness: 1e-7 };

async function expectPyRadiomics(
  image: Volume<NumericVoxelArray>,
  segment: Volume<Uint8Array>,
  { params, features }: Pick<Case, 'params' | 'features'>,
): Promise<void> {
  const mask = boxMask(segment.data, segment.size)!;
  const found = await radiomics({ image, grid: segment, mask, params });
  const wanted = features ?? {};
  const off = Object.keys({ ...wanted, ...found }).flatMap((name) => {
    const [ours, theirs] = [found[name] ?? NaN, wanted[name] ?? NaN];
    const floor = FLOORS[name.split('_').slice(1).join('_')] ?? 1e-9;
    return Math.abs(ours - theirs) <= Math.max(1e-6 * Math.abs(theirs), floor)
      ? []
      : [{ name, ours, theirs }];
  });
  expect(off).toEqual([]);
}

describe('the features of PyRadiomics', () => {
  it.each(golden.cases)('$name', async (entry) => {
    await expectPyRadiomics(load(entry, entry.image), load(entry, entry.mask), entry);
  });
});

const data = realDataDir();
const onRealData = data === undefined ? describe.skip : describe;

onRealData('the features of PyRadiomics on the real tumours', () => {
  it.each(golden.real)('$name', async (entry) => {
    const voxels = (name: string): Uint8Array =>
      gunzipSync(readFileSync(join(data!, 'petct', entry.patient, `${name}.nii.gz`)));
    const image = new Float32Array(
      Uint8Array.from(voxels(`${entry.kind}_image`).subarray(352)).buffer,
    );
    const drawn = voxels(`${entry.drawn}_mask`).subarray(352);
    await expectPyRadiomics(
      volume(entry.image, image),
      volume(
        entry.mask,
        drawn.map((label) => (label > 0 ? 1 : 0)),
      ),
      entry,
    );
  });
});
