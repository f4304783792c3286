import { describe, expect, it } from '@jest/globals';
import { decode } from 'fast-png';
import { createPhantom } from '@hecktor/testing';
import { createVolume } from '@hecktor/volume';
import { createCanvas, drawTextInPlace, type Colour, toPng } from './canvas.ts';
import { findFocus } from './planes.ts';
import { renderOverlay, ctTint, fusedTint, petTint } from './render-overlay.ts';
import { slicePlane } from './slice-plane.ts';

const SMALL = {
  ct: { matrix: 96, spacing: 4, slice: 4 },
  pet: { matrix: 96, spacing: 6, slice: 4 },
};

function count(data: ArrayLike<number>, colour: Colour): number {
  let found = 0;
  for (let i = 0; i < data.length; i += 3) {
    if (colour.every((part, c) => data[i + c] === part)) found++;
  }
  return found;
}

describe('renderOverlay', () => {
  const phantom = createPhantom(3, { ...SMALL, site: 'oropharynx', nodes: 2 });
  const { ct, pet, labels } = phantom;

  it('writes a PNG with blue, green and dashed white contours', () => {
    const canvas = renderOverlay({ ct, pet, mask: labels, title: ['TEST'] });
    const png = decode(toPng(canvas));
    expect([png.width, png.height, png.channels]).toEqual([canvas.width, canvas.height, 3]);
    expect(count(png.data as Uint8Array, [40, 150, 255])).toBeGreaterThan(100);
    const empty = createVolume(labels, new Uint8Array(labels.data.length));
    const missed = renderOverlay({ ct, pet, mask: empty, expected: labels, title: [] });
    // Only the legend's line and letters are left in the colour of GTVp.
    expect(count(missed.data, [40, 150, 255])).toBeLessThan(count(canvas.data, [40, 150, 255]));
    expect(missed.data.some((value, i) => value !== canvas.data[i])).toBe(true);
  });

  it('copes with an empty mask', () => {
    const empty = createVolume(labels, new Uint8Array(labels.data.length));
    expect(renderOverlay({ ct, pet, mask: empty, title: [] }).width).toBeGreaterThan(0);
  });

  it('does not change its input', () => {
    const before = labels.data.slice();
    renderOverlay({ ct, pet, mask: labels, title: [] });
    expect(labels.data.every((value, i) => value === before[i])).toBe(true);
  });
});

describe('findFocus', () => {
  it('is a voxel of the largest lesion', () => {
    const labels = new Uint8Array(8 * 8 * 8);
    labels[0] = 2;
    for (const z of [4, 5, 6]) labels[5 + 8 * (3 + 8 * z)] = 1;
    const grid = createVolume(
      {
        size: [8, 8, 8],
        spacing: [2, 2, 3],
        origin: [10, 20, 30],
        direction: Float64Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1),
      },
      labels,
    );
    expect(findFocus(grid)).toEqual([20, 26, 45]);
  });
});

describe('slicePlane', () => {
  const volume = createVolume(
    {
      size: [2, 2, 1],
      spacing: [1, 1, 1],
      origin: [0, 0, 0],
      direction: Float64Array.of(-1, 0, 0, 0, 1, 0, 0, 0, 1),
    },
    Float32Array.of(0, 1, 2, 3),
  );
  const plane = { corner: [0, 0, 0], right: [-0.5, 0, 0], down: [0, 0.5, 0] } as const;
  it('interpolates along the world whatever the direction', () => {
    const out = slicePlane(volume, { ...plane, width: 3, height: 3 }, { outside: -1 });
    expect([...out]).toEqual([0, 0.5, 1, 1, 1.5, 2, 2, 2.5, 3]);
  });
  it('gives `outside` beyond the image', () => {
    const out = slicePlane(volume, { ...plane, width: 6, height: 1 }, { outside: -1 });
    expect([...out].slice(4)).toEqual([-1, -1]);
    const labels = slicePlane(
      volume,
      { ...plane, width: 6, height: 1 },
      { outside: -1, nearest: true },
    );
    expect([...labels]).toEqual([0, 1, 1, -1, -1, -1]);
  });
});

describe('tints', () => {
  it('span their windows', () => {
    expect(ctTint(-500)).toEqual([0, 0, 0]);
    expect(ctTint(240)).toEqual([255, 255, 255]);
    expect(petTint(0)).toEqual([255, 255, 255]);
    expect(petTint(25)).toEqual([0, 0, 0]);
    expect(fusedTint(40, 0)).toEqual(ctTint(40));
    const [red, , blue] = fusedTint(40, 10);
    expect(red - blue).toBeGreaterThan(100);
  });
});

describe('drawTextInPlace', () => {
  it('draws the dots of a letter', () => {
    const canvas = createCanvas(5, 7);
    drawTextInPlace(canvas, 'L', { x: 0, y: 0, colour: [9, 9, 9], scale: 1 });
    expect(count(canvas.data, [9, 9, 9])).toBe(11);
  });
});
