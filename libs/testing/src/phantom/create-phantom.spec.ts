import { describe, expect, it } from '@jest/globals';
import { voxelToWorld, worldToVoxel, type Vec3 } from '@hecktor/volume';
import { createPhantom, type Phantom } from './create-phantom.ts';

const SMALL = {
  ct: { matrix: 96, spacing: 4, slice: 4 },
  pet: { matrix: 96, spacing: 6, slice: 4 },
};

/** A checksum of voxels: FNV-1a over the bytes. */
function checksum(array: ArrayBufferView): number {
  const bytes = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
  const { imul } = Math;
  let hash = 0x811c9dc5;
  for (const byte of bytes) hash = imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}

function meanSuv(phantom: Phantom, label: number): number {
  const { labels, pet } = phantom;
  const { floor, round } = Math;
  let [sum, count] = [0, 0];
  labels.data.forEach((value, at) => {
    if (value !== label) return;
    const [nx, ny] = labels.size;
    const index: Vec3 = [at % nx, floor(at / nx) % ny, floor(at / (nx * ny))];
    const [i, j, k] = worldToVoxel(pet, voxelToWorld(labels, index)).map((v) => round(v));
    if (k! < 0 || k! >= pet.size[2]) return;
    sum += pet.data[i! + pet.size[0] * (j! + pet.size[1] * k!)]!;
    count++;
  });
  return sum / count;
}

describe('createPhantom', () => {
  const phantom = createPhantom(42, { ...SMALL, nodes: 3, site: 'oropharynx', metal: false });

  it('is the same for the same seed, voxel for voxel', () => {
    const again = createPhantom(42, { ...SMALL, nodes: 3, site: 'oropharynx', metal: false });
    expect(checksum(again.ct.data)).toBe(checksum(phantom.ct.data));
    expect(checksum(again.pet.data)).toBe(checksum(phantom.pet.data));
    expect(again.ehr).toEqual(phantom.ehr);
  });

  it('keeps its voxels from release to release', () => {
    expect([checksum(phantom.ct.data), checksum(phantom.labels.data)]).toMatchInlineSnapshot(`
      [
        953906638,
        2002654900,
      ]
    `);
  });

  it('differs between seeds', () => {
    expect(checksum(createPhantom(43, SMALL).ct.data)).not.toBe(checksum(phantom.ct.data));
  });

  it('puts labels on the grid of the CT and the PET on another', () => {
    expect(phantom.labels.size).toEqual(phantom.ct.size);
    expect(phantom.labels.origin).toEqual(phantom.ct.origin);
    expect(phantom.pet.origin).not.toEqual(phantom.ct.origin);
  });

  it('shows uptake where the labels are', () => {
    expect(meanSuv(phantom, 1)).toBeGreaterThan(3);
    expect(meanSuv(phantom, 2)).toBeGreaterThan(2);
    expect(meanSuv(phantom, 0)).toBeLessThan(1);
  });

  it('draws only what is asked for', () => {
    const healthy = createPhantom(5, { ...SMALL, primary: false, nodes: 0 });
    expect(healthy.labels.data.some((value) => value !== 0)).toBe(false);
    expect(healthy.site).toBeUndefined();
  });

  it('fills the CT with air, soft tissue and bone', () => {
    const share = (from: number, to: number) =>
      phantom.ct.data.filter((v) => v >= from && v < to).length / phantom.ct.data.length;
    expect(share(-1024, -900)).toBeGreaterThan(0.5);
    expect(share(-150, 150)).toBeGreaterThan(0.08);
    expect(share(300, 3072)).toBeGreaterThan(0.005);
  });
});
