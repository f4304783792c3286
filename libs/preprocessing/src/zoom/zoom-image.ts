import { createGrid, perAxis, voxelCount } from '@hecktor/volume';
import type { Vec3 } from '@hecktor/volume';
import type { Engine } from '../engine.ts';
import { arrayImage, readImage, visitSlabs, type LazyImage } from '../lazy-image.ts';
import { invertOrientation, permuteVoxels } from '../orientation.ts';
import { neighbours } from './neighbours.ts';
import { zoomAxis, type SplineOrder } from './zoom-axis.ts';
import { zoomAcross, zoomRows } from './zoom-box.ts';
import type { Range } from './zoom-lines.ts';

/** What an image is zoomed to, and how. */
export interface Zoom {
  readonly size: Vec3;
  readonly order: SplineOrder;
  /** The axis across slices that are zoomed each by itself, and the order along that axis. */
  readonly apart: { readonly axis: 0 | 1 | 2; readonly order: 0 | 1 } | null;
}

// Local names: looking `Math` up on the global object once per voxel shows in sandboxes.
const { min, max } = Math;
const UNLIMITED: Range = [-Infinity, Infinity];

/**
 * Zooms an image as nnU-Net resamples data: `skimage.transform.resize` with mode "edge" and without
 * anti-aliasing, values limited to the range of the image, or of each slice where these are zoomed
 * apart. Lines are zoomed in double precision; between the axes values are float32.
 */
export async function zoomImage(
  image: LazyImage,
  zoom: Zoom,
  engine: Engine,
): Promise<Float32Array<ArrayBuffer>> {
  const { order, apart, size } = zoom;
  if (apart !== null && apart.axis !== 2) return zoomTurned(image, zoom, apart, engine);
  const [nx, ny, nz] = image.region.size;
  const [alongX, alongY, alongZ] = [
    zoomAxis(nx, size[0], order),
    zoomAxis(ny, size[1], order),
    zoomAxis(nz, size[2], apart?.order ?? order),
  ];
  const area = size[0] * size[1];
  const slices = new Float32Array(area * nz);
  const rows = new Float32Array(size[0] * ny);
  let range: Range = [Infinity, -Infinity];
  await visitSlabs(image, engine, (values, first) => {
    for (let k = 0; k * nx * ny < values.length; k++) {
      const slice = values.subarray(k * nx * ny, (k + 1) * nx * ny);
      const own = rangeOf(slice);
      range = [Math.min(range[0], own[0]), Math.max(range[1], own[1])];
      const limits = apart === null ? UNLIMITED : own;
      const out = slices.subarray((first + k) * area, (first + k + 1) * area);
      if (alongX !== null) zoomRows(slice, alongX, UNLIMITED, rows);
      const source = alongX === null ? slice : rows;
      if (alongY !== null) zoomAcross(source, size[0], alongY, limits, out);
      else copyLimited(source, limits, out);
    }
  });
  if (apart?.order === 0) return pickSlices(slices, area, neighbours(nz, size[2], 0).low);
  const limits = apart === null ? range : UNLIMITED;
  const out = alongZ === null ? slices : new Float32Array(area * size[2]);
  if (alongZ !== null) zoomAcross(slices, area, alongZ, limits, out);
  else copyLimited(slices, limits, out);
  return out;
}

/** The same where z is not the axis across slices: the image is turned for it, and back. */
async function zoomTurned(
  image: LazyImage,
  { size, order }: Zoom,
  apart: NonNullable<Zoom['apart']>,
  engine: Engine,
): Promise<Float32Array<ArrayBuffer>> {
  const axes = apart.axis === 0 ? ([1, 2, 0] as const) : ([0, 2, 1] as const);
  const turn = { order: axes, flips: [false, false, false] } as const;
  const data = await readImage(image, engine);
  const turned = new Float32Array(data.length);
  permuteVoxels(data, image.region.size, turn, turned);
  const grid = createGrid(perAxis((a) => image.region.size[axes[a]]));
  const target = perAxis((a) => size[axes[a]]);
  const out = await zoomImage(
    arrayImage(image.name, { ...grid, data: turned }),
    { size: target, order, apart: { ...apart, axis: 2 } },
    engine,
  );
  const result = new Float32Array(voxelCount({ size }));
  permuteVoxels(out, target, invertOrientation(turn), result);
  return result;
}

function pickSlices(
  slices: Float32Array,
  area: number,
  indices: Int32Array,
): Float32Array<ArrayBuffer> {
  const out = new Float32Array(area * indices.length);
  indices.forEach((from, z) => out.set(slices.subarray(from * area, (from + 1) * area), z * area));
  return out;
}

function rangeOf(values: Float32Array): Range {
  let low = Infinity;
  let high = -Infinity;
  for (let i = 0; i < values.length; i++) {
    low = min(low, values[i]!);
    high = max(high, values[i]!);
  }
  return [low, high];
}

function copyLimited(values: Float32Array, [low, high]: Range, out: Float32Array): void {
  for (let i = 0; i < values.length; i++) {
    out[i] = max(low, min(high, values[i]!));
  }
}
