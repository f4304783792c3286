import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readVolume, toNumeric, writeVolume } from '@hecktor/image-io';
import { agreement, expectGrid, realDataDir } from '@hecktor/testing';
import { createVolume, voxelToWorld, type Vec3, type Volume } from '@hecktor/volume';
import { createSegmenter, readyRecipe } from '../fixtures/segment.ts';

const GOLDEN = fileURLToPath(new URL('../golden/template/', import.meta.url));
const WINDOW: [number, number, number] = [128, 128, 128];
const folder = realDataDir();
const whenReal = folder === undefined ? describe.skip : describe;

interface Facts {
  readonly enlarged: Record<'ct' | 'pet', { readonly voxelsPerSide: Vec3; readonly value: number }>;
}

let segmenter: Awaited<ReturnType<typeof createSegmenter>>;
beforeAll(async () => {
  segmenter = await createSegmenter();
});
afterAll(() => rmSync(segmenter.base, { recursive: true }));

/** As the reference run did: a wider field of view, without which the template's code fails. */
function enlarge(volume: Volume, { voxelsPerSide, value }: Facts['enlarged']['ct']): Volume {
  const source = toNumeric(volume);
  const [nx, ny, nz] = source.size;
  const [px, py, pz] = voxelsPerSide;
  const size: Vec3 = [nx + 2 * px, ny + 2 * py, nz + 2 * pz];
  const data = new Float32Array(size[0] * size[1] * size[2]).fill(value);
  for (let z = 0; z < nz; z++) {
    for (let y = 0; y < ny; y++) {
      const from = (z * ny + y) * nx;
      const to = ((z + pz) * size[1] + y + py) * size[0] + px;
      data.set(source.data.subarray(from, from + nx), to);
    }
  }
  const origin = voxelToWorld(source, [-px, -py, -pz]);
  return createVolume({ ...source, size, origin }, data);
}

// Masks of the challenge's own Python code, with a small seeded network, on real patients:
// tools/reference/template.
whenReal("recipe baseline against the challenge's own container", () => {
  const base = readyRecipe('baseline', ['tiny-segresnet'], [200, 200, 310]);
  const recipe = { ...base, inference: { ...base.inference, roi: WINDOW } };

  it.each(['STS_002', 'STS_008'])(
    'agrees on at least 99.9 % of the voxels of %s',
    async (patient) => {
      const facts = JSON.parse(readFileSync(join(GOLDEN, patient, 'facts.json'), 'utf8')) as Facts;
      const paths = { ct: '', pet: '' };
      for (const name of ['ct', 'pet'] as const) {
        const file = join(folder!, 'petct', patient, `${name.toUpperCase()}_image.nii.gz`);
        paths[name] = join(segmenter.base, `${patient}-${name}.mha`);
        await writeVolume(paths[name], enlarge(await readVolume(file), facts.enlarged[name]));
      }
      const { labels } = await segmenter.segment(paths, recipe);
      const expected = await readVolume(join(GOLDEN, patient, 'mask.mha'));
      expectGrid(labels, expected, 1e-4);
      expect(new Set(toNumeric(expected).data)).toEqual(new Set([0, 1, 2]));
      expect(agreement(labels.data, toNumeric(expected).data)).toBeGreaterThanOrEqual(0.999);
    },
    600_000,
  );
});
