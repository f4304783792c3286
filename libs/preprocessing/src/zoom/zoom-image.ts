import { createGrid, voxelCount } from '@hecktor/volume';
import type { Vec3 } from '@hecktor/volume';
import type { Engine } from '../engine.ts';
import { arrayImage, readImage, visitSlabs, type LazyImage } from '../lazy-image.ts';
import { invertOrientation, permuteVoxels } from '../orientation.ts';
import { perAxis } from '../region.ts';
import { zoomAxis, zoomLines, type AxisZoom, type SplineOrder } from './zoom-axis.ts';
import { planeZoom } from './zoom-plane.ts';

/** What an image is zoomed to, and how. */
export interface Zoom {
  readonly size: Vec3;
  readonly order: SplineOrder;
  /** The axis across slices that are zoomed each by itself, and the order along that axis. */
  readonly apart: { readonly axis: 0 | 1 | 2; readonly order: 0 | 1 } | null;
}

type Range = readonly [number, number];

/** Lines along z that are zoomed together: what they take stays in a processor's cache. */
const COLUMNS = 256;

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
  const alongZ = zoomAxis(nz, size[2], apart?.order ?? order);
  const zoomXY = planeZoom([nx, ny], zoomAxis(nx, size[0], order), zoomAxis(ny, size[1], order));
  const plane = new Float64Array(nx * ny);
  const area = size[0] * size[1];
  const slices = new Float32Array(area * nz);
  let range: Range = [Infinity, -Infinity];
  await visitSlabs(image, engine, (values, first) => {
    for (let k = 0; k * plane.length < values.length; k++) {
      plane.set(values.subarray(k * plane.length, (k + 1) * plane.length));
      const [low, high] = rangeOf(plane);
      range = [Math.min(range[0], low), Math.max(range[1], high)];
      const zoomed = zoomXY(plane);
      if (apart !== null) clipInPlace(zoomed, [low, high]);
      slices.set(zoomed, (first + k) * area);
    }
  });
  const out = alongZ === null ? slices : zoomColumns(slices, area, alongZ);
  if (apart === null) clipInPlace(out, range);
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

function zoomColumns(
  slices: Float32Array,
  area: number,
  alongZ: AxisZoom,
): Float32Array<ArrayBuffer> {
  const { from, to, margin } = alongZ;
  const result = new Float32Array(area * to);
  const most = Math.min(COLUMNS, area);
  const lines = new Float64Array(most * (from + 2 * margin));
  const zoomed = new Float64Array(most * to);
  for (let first = 0; first < area; first += most) {
    const width = Math.min(most, area - first);
    for (let z = 0; z < from; z++) {
      const at = z * area + first;
      lines.set(slices.subarray(at, at + width), (margin + z) * width);
    }
    zoomLines(lines, width, alongZ, zoomed);
    for (let z = 0; z < to; z++) {
      result.set(zoomed.subarray(z * width, (z + 1) * width), z * area + first);
    }
  }
  return result;
}

function rangeOf(values: Float64Array): Range {
  let [low, high] = [Infinity, -Infinity];
  for (let i = 0; i < values.length; i++) {
    const v = values[i]!;
    if (v < low) low = v;
    if (v > high) high = v;
  }
  return [low, high];
}

function clipInPlace(values: Float32Array | Float64Array, [low, high]: Range): void {
  for (let i = 0; i < values.length; i++) {
    const v = values[i]!;
    if (v < low) values[i] = low;
    else if (v > high) values[i] = high;
  }
}
