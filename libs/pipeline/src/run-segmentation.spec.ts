import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { isHecktorError } from '@hecktor/errors';
import { writeVolume } from '@hecktor/image-io';
import { ballCase, expectGrid, labelDice, type BallCase } from '@hecktor/testing';
import { voxelToWorld, type Vec3, type Volume } from '@hecktor/volume';
import {
  createSegmenter,
  readyRecipe,
  type CasePaths,
  type Segmented,
} from '../fixtures/segment.ts';
import type { PostprocessingRule } from '@hecktor/postprocessing';
import type { SegmentationRecipe } from '@hecktor/recipe';

let segmenter: Awaited<ReturnType<typeof createSegmenter>>;
beforeAll(async () => {
  segmenter = await createSegmenter();
});
afterAll(() => rmSync(segmenter.base, { recursive: true }));

async function put(name: string, made: BallCase): Promise<CasePaths> {
  const paths = {
    ct: join(segmenter.base, `${name}-ct.mha`),
    pet: join(segmenter.base, `${name}-pet.nii.gz`),
  };
  await writeVolume(paths.ct, made.ct);
  await writeVolume(paths.pet, made.pet);
  return paths;
}

/** Centre of gravity of label 1, mm. */
function centre(labels: Volume<Uint8Array>): Vec3 {
  const sum = [0, 0, 0];
  const [nx, ny] = labels.size;
  let count = 0;
  labels.data.forEach((label, i) => {
    if (label !== 1) return;
    const index: Vec3 = [i % nx, Math.floor(i / nx) % ny, Math.floor(i / (nx * ny))];
    voxelToWorld(labels, index).forEach((x, axis) => (sum[axis]! += x));
    count++;
  });
  return sum.map((x) => x / count) as unknown as Vec3;
}

describe('runSegmentation', () => {
  const made = ballCase();
  let paths: CasePaths;
  let plain: Segmented;
  beforeAll(async () => {
    paths = await put('plain', made);
    plain = await segmenter.segment(paths, readyRecipe('corrected'));
  });

  it('puts the mask on the lesion with the recipe corrected', () => {
    const { labels, windows } = plain;
    expectGrid(labels, made.ct);
    expect(labelDice(labels.data, made.truth.data, 1)).toBeGreaterThan(0.85);
    const found = centre(labels);
    const wanted = centre(made.truth);
    found.forEach((x, i) => expect(Math.abs(x - wanted[i]!)).toBeLessThan(made.ct.spacing[i]!));
    expect(windows).toBeGreaterThan(1);
  });

  it('misses it with the recipe baseline by the corner of the foreground box', async () => {
    const { labels } = await segmenter.segment(paths, readyRecipe('baseline'));
    expectGrid(labels, made.ct);
    expect(labelDice(labels.data, made.truth.data, 1)).toBe(0);
    const found = centre(labels);
    const wanted = centre(made.truth);
    // The neck box is 120 mm wide around the brain and starts at -60 mm, the body at -45 mm.
    expect(found[0] - wanted[0]).toBeGreaterThan(-18);
    expect(found[0] - wanted[0]).toBeLessThan(-12);
    expect(found[1] - wanted[1]).toBeGreaterThan(-18);
    expect(found[1] - wanted[1]).toBeLessThan(-12);
  });

  it.each([
    ['turned by 30 degrees about z', rotation(Math.PI / 6)],
    ['with x and y flipped', Float64Array.of(-1, 0, 0, 0, -1, 0, 0, 0, 1)],
    ['with z flipped', Float64Array.of(1, 0, 0, 0, -1, 0, 0, 0, -1)],
  ])('finds the lesion in images %s', async (name, direction) => {
    const turned = ballCase({ direction });
    const { labels } = await segmenter.segment(
      await put(name.replaceAll(' ', '-'), turned),
      readyRecipe('corrected'),
    );
    expectGrid(labels, turned.ct);
    expect(labelDice(labels.data, turned.truth.data, 1)).toBeGreaterThan(0.8);
  });

  it('gives the same with mirror images, as the network looks at single voxels', async () => {
    const used = readyRecipe('corrected');
    const flips: ('x' | 'y' | 'z')[][] = [['x'], ['y', 'z']];
    const inference = { ...used.inference, flips };
    const flipped = await segmenter.segment(paths, { ...used, inference });
    expect(flipped.labels.data).toEqual(plain.labels.data);
    expect(flipped.windows).toBe(3 * plain.windows);
  });

  it('averages the networks of an ensemble, by their weights', async () => {
    const sizeOf = ({ labels }: Segmented) => labels.data.reduce((sum, label) => sum + label, 0);
    const size = async (used: SegmentationRecipe) => sizeOf(await segmenter.segment(paths, used));
    const low = sizeOf(plain);
    const high = await size(readyRecipe('corrected', ['threshold-high']));
    const both = readyRecipe('corrected', ['threshold', 'threshold-high']);
    const mean = await size(both);
    expect(low).toBeGreaterThan(mean);
    expect(mean).toBeGreaterThanOrEqual(high);
    const weighted = { ...both, models: both.models.map((m, i) => ({ ...m, weight: i })) };
    expect(await size(weighted)).toBe(high);
  });

  it('applies postprocessing in its order', async () => {
    const used = readyRecipe('corrected');
    const { labels } = await segmenter.segment(paths, {
      ...used,
      postprocessing: [
        { step: 'map-classes', to: [0, 2, 1] },
        { step: 'keep-largest-component', label: 2 },
        { step: 'remove-small-components', label: 2, minVolume: 1e6 },
      ],
    });
    expect(labels.data.every((label) => label === 0)).toBe(true);
    const kept = await segmenter.segment(paths, {
      ...used,
      postprocessing: [{ step: 'map-classes', to: [0, 2, 1] }],
    });
    expect(new Set(kept.labels.data)).toEqual(new Set([0, 2]));
  });

  it('lets rules look at the PET, on the grid of the CT', async () => {
    const used = readyRecipe('corrected');
    const suv = made.pet.data.reduce((most, value) => Math.max(most, value), 0);
    const kept = async (minSUVmax: number) => {
      const step = 'remove-low-uptake-components';
      const postprocessing: PostprocessingRule[] = [{ step, label: 1, minSUVmax }];
      return (await segmenter.segment(paths, { ...used, postprocessing })).labels.data;
    };
    expect(await kept(0.9 * suv)).toEqual(plain.labels.data);
    expect((await kept(1.1 * suv)).some((label) => label !== 0)).toBe(false);
  });

  it('says so when the mask is empty', async () => {
    const used = readyRecipe('corrected');
    const postprocessing: PostprocessingRule[] = [{ step: 'map-classes', to: [0, 0, 0] }];
    const { said } = await segmenter.segment(paths, { ...used, postprocessing });
    expect(said.some((line) => line.startsWith('warn the label map is empty'))).toBe(true);
  });

  it('warns when the time left will not do', async () => {
    const { said } = await segmenter.segment(paths, readyRecipe('corrected'), {
      leftMs: 0,
    });
    expect(said).toContain('warn the time limit will probably be reached');
    expect(said.at(-1)).toBe('inverting 1');
  });

  it.each([
    ['not-a-number', 'MODEL_OUTPUT_INVALID', 'not-a-number.onnx'],
    ['four-classes', 'MODEL_MISMATCH', 'the 4 classes of the network end as the labels 0, 1, 2, 3'],
    ['missing', 'MODEL_FILE_NOT_FOUND', 'missing.onnx'],
  ] as const)('refuses the network %s', async (model, code, words) => {
    const error = await segmenter
      .segment(paths, readyRecipe('corrected', [model]))
      .catch((thrown: unknown) => thrown);
    expect(isHecktorError(error, code)).toBe(true);
    expect((error as Error).message).toContain(words);
  });

  it('takes four classes when they are mapped', async () => {
    const used = readyRecipe('corrected', ['four-classes']);
    const postprocessing = [{ step: 'map-classes' as const, to: [0, 1, 2, 2] }];
    const { labels } = await segmenter.segment(paths, { ...used, postprocessing });
    expect(labelDice(labels.data, made.truth.data, 1)).toBeGreaterThan(0.85);
    const short = [{ step: 'map-classes' as const, to: [0, 1, 2] }];
    await expect(segmenter.segment(paths, { ...used, postprocessing: short })).rejects.toThrow(
      'map-classes has no label for class 3',
    );
  });

  it('refuses a wrong input name', async () => {
    const used = readyRecipe('corrected');
    const models = used.models.map((model) => ({ ...model, input: 'image' }));
    await expect(segmenter.segment(paths, { ...used, models })).rejects.toThrow('MODEL_MISMATCH');
  });

  it('refuses images that do not overlap', async () => {
    const apart = await put('apart', ballCase({ petShift: [500, 0, 0] }));
    const error = await segmenter
      .segment(apart, readyRecipe('corrected'))
      .catch((thrown: unknown) => thrown);
    expect(isHecktorError(error, 'IMAGES_DO_NOT_OVERLAP')).toBe(true);
  });
});

function rotation(angle: number): Float64Array {
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  return Float64Array.of(c, -s, 0, s, c, 0, 0, 0, 1);
}
