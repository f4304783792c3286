import { describe, expect, it } from '@jest/globals';
import { createGrid, createVolume, emptyVolume } from '@hecktor/volume';
import { createCanvas, setPixelInPlace } from './canvas.ts';
import { contourOf } from './contour.ts';
import { drawTextInPlace } from './draw-text.ts';
import { focusOf } from './focus.ts';
import { renderOverlay } from './overlay.ts';
import { planesThrough, worldBounds } from './plane.ts';
import { samplePlane } from './sample-plane.ts';

const GRID = createGrid([20, 16, 12], {
  spacing: [2, 2, 3],
  origin: [-19, 10, 100],
  direction: Float64Array.of(-1, 0, 0, 0, -1, 0, 0, 0, 1),
});

/** A volume whose value is 100 * i + 10 * j + k at voxel (i, j, k). */
function ramp() {
  const volume = emptyVolume(GRID, 'float32');
  const [nx, ny, nz] = GRID.size;
  for (let k = 0, at = 0; k < nz; k++)
    for (let j = 0; j < ny; j++)
      for (let i = 0; i < nx; i++) volume.data[at++] = 100 * i + 10 * j + k;
  return volume;
}

function maskWithBox(label: number) {
  const mask = emptyVolume(GRID, 'uint8');
  for (let k = 4; k < 7; k++)
    for (let j = 5; j < 9; j++)
      for (let i = 8; i < 12; i++) mask.data[i + 20 * (j + 16 * k)] = label;
  return mask;
}

describe('planes', () => {
  it('bounds a flipped grid in the world', () => {
    const { lower, upper } = worldBounds(GRID);
    expect(lower).toEqual([-57, -20, 100]);
    expect(upper).toEqual([-19, 10, 133]);
  });

  it('samples the world position of each pixel, whatever the direction of the grid', () => {
    // Focus on voxel (3, 4, 5), world (-25, 2, 115); one pixel right is +2 mm, which is voxel 2.
    const [axial] = planesThrough([-25, 2, 115], 6, 2);
    const values = samplePlane(ramp(), axial!, 'linear');
    expect(values[4]).toBeCloseTo(345, 4);
    expect(values[5]).toBeCloseTo(245, 4);
    expect(values[7]).toBeCloseTo(335, 4);
  });

  it('interpolates between voxels and gives NaN outside', () => {
    const [axial] = planesThrough([-26, 2, 116.5], 2, 2);
    expect(samplePlane(ramp(), axial!, 'linear')[0]).toBeCloseTo(395.5, 4);
    const [outside] = planesThrough([40, 2, 115], 2, 2);
    expect(samplePlane(ramp(), outside!, 'linear')[0]).toBeNaN();
    expect(samplePlane(ramp(), outside!, 'nearest')[0]).toBeNaN();
  });
});

describe('focusOf', () => {
  it('prefers the primary tumour, then nodes, then the centre', () => {
    const both = maskWithBox(1);
    both.data[0] = 2;
    const [x, , z] = focusOf([both]);
    expect(x).toBeLessThanOrEqual(-35);
    expect(z).toBeGreaterThanOrEqual(112);
    expect(focusOf([maskWithBox(2)])).toEqual(focusOf([maskWithBox(1)]));
    expect(focusOf([emptyVolume(GRID, 'uint8')])[2]).toBeCloseTo(116.5, 6);
  });
});

describe('contourOf', () => {
  it('is the rim of the label', () => {
    const [plane] = planesThrough([0, 0, 0], 5, 1);
    const labels = Float32Array.from('0000001110011100111000000', Number);
    expect(Array.from(contourOf(labels, plane!, 1)).join('')).toBe('0000001110010100111000000');
  });
});

describe('text', () => {
  it('draws a capital L', () => {
    const canvas = createCanvas(6, 7, [0, 0, 0]);
    drawTextInPlace(canvas, 'l', { left: 0, top: 0, scale: 1, colour: [1, 1, 1] });
    const rows = Array.from({ length: 7 }, (_, y) =>
      Array.from({ length: 6 }, (_, x) => canvas.data[3 * (x + 6 * y)]).join(''),
    );
    expect(rows).toEqual(['100000', '100000', '100000', '100000', '100000', '100000', '111110']);
  });

  it('leaves what lies outside the canvas alone', () => {
    const canvas = createCanvas(2, 2, [0, 0, 0]);
    setPixelInPlace(canvas, -1, 0, [9, 9, 9]);
    setPixelInPlace(canvas, 2, 1, [9, 9, 9]);
    expect(Math.max(...canvas.data)).toBe(0);
  });
});

describe('renderOverlay', () => {
  it('draws the tumour red and the reference white in the fused column only', () => {
    const ct = createVolume(GRID, new Int16Array(20 * 16 * 12).fill(40));
    const pet = emptyVolume(GRID, 'float32');
    const picture = renderOverlay({ ct, pet, mask: maskWithBox(1), caption: [] });
    const red = countPixels(picture.data, [255, 60, 60]);
    expect(red).toBeGreaterThan(200);
    const shifted = {
      ...maskWithBox(1),
      data: maskWithBox(1).data.map((_, i, all) => all[i + 2] ?? 0),
    };
    const compared = renderOverlay({
      ct,
      pet,
      mask: maskWithBox(1),
      expected: shifted,
      caption: [],
    });
    expect(countPixels(compared.data, [255, 255, 255])).toBeGreaterThan(50);
    expect(countPixels(picture.data, [255, 255, 255])).toBeLessThan(
      countPixels(compared.data, [255, 255, 255]),
    );
  });
});

function countPixels(data: Uint8Array, colour: readonly number[]): number {
  let count = 0;
  for (let i = 0; i < data.length; i += 3) {
    if (data[i] === colour[0] && data[i + 1] === colour[1] && data[i + 2] === colour[2]) count++;
  }
  return count;
}
