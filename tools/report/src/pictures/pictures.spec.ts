import { ballCase } from '@hecktor/testing';
import { createGrid, createVolume, type Vec3 } from '@hecktor/volume';
import { describe, expect, it } from '@jest/globals';
import { lesionPairs } from './lesions.ts';
import { outlines } from './outline.ts';
import { project, projections, type View } from './project.ts';

const GTVP = { name: 'GTVp', value: 1 };
const GTVN = { name: 'GTVn', value: 2 };
/** To the left, in front and towards the head of the middle. */
const BALL: Vec3 = [30, -18, 24];
const RADIUS = 10;
const [c, s] = [Math.cos(Math.PI / 6), Math.sin(Math.PI / 6)];

const axial: View = {
  corner: [-60, -60, BALL[2]],
  right: [1, 0, 0],
  down: [0, 1, 0],
  width: 121,
  height: 121,
  depth: 1,
};

/** Mean place of the hot lesion, mm from the upper left pixel. */
function centre(values: Float32Array, { width, right }: View): [number, number] {
  const hot = [...values.keys()].filter((i) => values[i]! > 10);
  const mean = (of: (i: number) => number) =>
    (hot.reduce((sum, i) => sum + of(i), 0) / hot.length) * Math.hypot(...right);
  return [mean((i) => i % width), mean((i) => Math.floor(i / width))];
}

describe.each([
  ['LPS', [1, 0, 0, 0, 1, 0, 0, 0, 1]],
  ['RAS', [-1, 0, 0, 0, -1, 0, 0, 0, 1]],
  ['permuted axes, feet first', [0, 1, 0, 0, 0, 1, -1, 0, 0]],
  ['turned by 30 degrees', [c, -s, 0, s, c, 0, 0, 0, 1]],
])('an image stored as %s', (_, direction) => {
  const { ct, pet, truth } = ballCase({
    lesion: BALL,
    radius: RADIUS,
    direction: Float64Array.from(direction),
  });

  it('shows the left on the right, the front and the head on top', async () => {
    const [x, y] = centre(await project(pet, axial, 'pet'), axial);
    expect(Math.abs(x + axial.corner[0] - BALL[0])).toBeLessThan(1.5);
    expect(Math.abs(y + axial.corner[1] - BALL[1])).toBeLessThan(1.5);
  });

  it('shows the same lesion in projections, the front on the left from the side', async () => {
    const { front, side } = projections(pet, ct);
    const [right, down] = centre(await project(pet, front, 'pet'), front);
    expect(Math.abs(front.corner[0] + right - BALL[0])).toBeLessThan(1.5);
    expect(Math.abs(front.corner[2] - down - BALL[2])).toBeLessThan(1.5);
    const seen = await project(pet, side, 'pet');
    expect(Math.abs(side.corner[1] + centre(seen, side)[0] - BALL[1])).toBeLessThan(1.5);
    expect(Math.max(...seen)).toBeGreaterThan(19);
  });

  it('has its label outlined in millimetres, on the views that meet it', async () => {
    const below = { ...axial, corner: [-60, -60, -30] as const };
    const found = await outlines(truth, [GTVP, GTVN], 'truth', { axial, below });
    expect(found.below).toEqual([]);
    expect(found.axial.map(({ label }) => label.name)).toEqual(['GTVp']);
    const numbers = found.axial[0]!.path.match(/-?\d+\.\d/g)!.map(Number);
    [BALL[0], BALL[1]].forEach((middle, axis) => {
      const values = numbers.filter((_, i) => i % 2 === axis);
      const [low, high] = [Math.min(...values), Math.max(...values)];
      // A path begins at the edge of the first pixel, half a pixel before its centre.
      expect(Math.abs((low + high) / 2 - 0.5 + axial.corner[axis]! - middle)).toBeLessThan(1.5);
      expect(Math.abs(high - low - 2 * RADIUS)).toBeLessThan(3);
    });
  });
});

describe('lesionPairs', () => {
  const grid = createGrid([12, 1, 1], { spacing: [10, 10, 10] });
  const mask = (text: string) => createVolume(grid, Uint8Array.from(text, Number));
  const pet = createVolume(grid, Float32Array.of(0, 5, 7, 0, 0, 9, 0, 0, 3, 0, 0, 0));

  it('pairs what is detected, and lists what is missed and what is false', () => {
    const masks = { truth: mask('022001000000'), prediction: mask('022000002000') };
    const pairs = lesionPairs(masks, pet, [GTVP, GTVN], {});
    expect(pairs).toMatchObject([
      { label: GTVP, truth: { volume: 1, suvMax: 9 } },
      {
        label: GTVN,
        truth: { volume: 2, suvMax: 7 },
        prediction: { volume: 2, suvMax: 7 },
        iou: 1,
      },
      { label: GTVN, prediction: { volume: 1, suvMax: 3 } },
    ]);
    expect(pairs.map(({ truth, prediction }) => [truth, prediction].map(Boolean))).toEqual([
      [true, false],
      [true, true],
      [false, true],
    ]);
  });

  it('has no SUVmax beyond the PET', () => {
    const far = { ...pet, origin: [500, 0, 0] as const };
    const masks = { truth: mask('200000000000'), prediction: mask('000000000000') };
    expect(lesionPairs(masks, far, [GTVN], {})[0]!.truth!.suvMax).toBeUndefined();
  });
});
