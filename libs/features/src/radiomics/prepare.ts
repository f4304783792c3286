import { HecktorError } from '@hecktor/errors';
import { resampleMask, resampleVolume, type KernelRunner } from '@hecktor/preprocessing';
import {
  copyBox,
  createVolume,
  HEADER_TOLERANCE,
  isSameGrid,
  perAxis,
  scalarTypeOf,
  voxelCount,
  voxelToWorld,
  wholeRegion,
  worldToVoxel,
} from '@hecktor/volume';
import type { Grid, NumericVoxelArray, Region, Vec3, Volume } from '@hecktor/volume';
import { INTERPOLATORS, type Settings } from './params.ts';
import { around, boxMask, valuesInside, type BoxMask } from './region.ts';

/** The numbers that an image holds. */
type ValueType = 'integer' | 'float32' | 'float64';

/** An image whose values are read where they are needed. */
export interface ImageReader {
  readonly grid: Grid;
  /** The part of the grid that filters see. */
  readonly extent: Region;
  /** Precision of the values in PyRadiomics, whose roundings follow from it. */
  readonly type: ValueType;
  /** Values of a box within the grid. */
  read(box: Region): Float64Array;
}

/** An image and the masks on its grid that features are worked out in. */
export interface Prepared {
  readonly image: ImageReader;
  readonly mask: BoxMask;
  /** Of the features `shape`. */
  readonly shape: BoxMask;
}

/**
 * Image and mask as PyRadiomics has them once it has normalised, resampled, cropped and resegmented;
 * undefined where it refuses the mask: too few voxels or axes, or not within the image.
 *
 * Without resampling, a mask on another grid than the image's goes onto it by nearest neighbour, as
 * PyRadiomics' `correctMask` does.
 *
 * @param grid - Of the mask.
 * @throws HecktorError IMAGE_NOT_FINITE for NaN or infinity where it matters.
 */
export async function prepare(
  volume: Volume<NumericVoxelArray>,
  grid: Grid,
  given: BoxMask,
  settings: Settings,
  { name = 'image', run }: { readonly name?: string; readonly run?: KernelRunner | undefined },
): Promise<Prepared | undefined> {
  const source = normalised(volume, settings);
  const spacing = newSpacing(grid, given, settings);
  const resamples =
    spacing !== undefined && !spacing.every((mm, a) => near(volume.spacing[a]!, mm));
  let [image, mask]: [ImageReader, BoxMask | undefined] = [source, given];
  if (resamples) {
    if (!liesWithin(volume, grid, given)) return undefined;
    const target = croppedGrid(grid, given, spacing, settings.padDistance);
    const { interpolator = 'sitkBSpline', normalize } = settings;
    const from = normalize ? createVolume(volume, source.read(source.extent)) : volume;
    const how = {
      name,
      interpolation: INTERPOLATORS[interpolator!],
      run: normalize ? undefined : run,
    };
    image = { ...readerOf(await resampleVolume(from, target, how)), type: source.type };
    mask = onGrid(given, grid, target);
  } else {
    if (!isSameGrid(volume, grid, HEADER_TOLERANCE)) {
      if (!liesWithin(volume, grid, given)) return undefined;
      mask = onGrid(given, grid, source.grid);
    }
    if (mask !== undefined && (spacing !== undefined || settings.preCrop)) {
      const { padDistance: pad } = settings;
      image = { ...source, extent: around(mask, source.extent, [pad, pad, pad]) };
    }
  }
  if (mask === undefined || !isLargeEnough(mask, settings)) return undefined;
  if (!valuesInside(image.read(mask), mask).every(Number.isFinite)) {
    throw new HecktorError('IMAGE_NOT_FINITE', {
      detail: `the image "${name}" holds NaN or infinite values inside the tumour`,
    });
  }
  const rest = resegmented(image, mask, settings);
  if (rest === undefined || !isLargeEnough(rest, settings)) return undefined;
  return { image, mask: rest, shape: settings.resegmentShape ? rest : mask };
}

function readerOf(volume: Volume<NumericVoxelArray>): ImageReader {
  const type = scalarTypeOf(volume.data);
  return {
    grid: volume,
    extent: wholeRegion(volume),
    type: type === 'float32' || type === 'float64' ? type : 'integer',
    read: (box) => copyBox(volume, box, new Float64Array(voxelCount(box))),
  };
}

/** The image, with values brought to mean 0 and deviation 1 (of a sample) if the settings say so. */
function normalised(volume: Volume<NumericVoxelArray>, settings: Settings): ImageReader {
  const image = readerOf(volume);
  if (!settings.normalize) return image;
  const { data } = volume;
  let [sum, squares] = [0, 0];
  for (let i = 0; i < data.length; i++) sum += data[i]!;
  const mean = sum / data.length;
  for (let i = 0; i < data.length; i++) squares += (data[i]! - mean) ** 2;
  const scale = 1 / Math.sqrt(squares / (data.length - 1));
  const most = settings.removeOutliers ?? Infinity;
  const value = (v: number): number =>
    Math.min(Math.max((v - mean) * scale, -most), most) * settings.normalizeScale;
  return { ...image, type: 'float64', read: (box) => image.read(box).map(value) };
}

/** The spacing wanted, mm; that of the mask where it is 0 or the mask has one slice only. */
function newSpacing(
  { spacing }: Grid,
  mask: BoxMask,
  { resampledPixelSpacing, interpolator }: Settings,
): Vec3 | undefined {
  if (resampledPixelSpacing === undefined || interpolator === null) return undefined;
  return perAxis((a) =>
    mask.size[a] === 1 || resampledPixelSpacing[a] === 0 ? spacing[a] : resampledPixelSpacing[a]!,
  );
}

/** NumPy's `allclose`. */
function near(value: number, wanted: number): boolean {
  return Math.abs(value - wanted) <= 1e-8 + 1e-5 * Math.abs(wanted);
}

/** Whether the first and last corner of a mask's box lie in an image, but for a thousandth voxel. */
function liesWithin(image: Grid, grid: Grid, { start, size }: BoxMask): boolean {
  const corners = [0, 1].map((end) => {
    const at = perAxis((a) => start[a] + end * size[a] - 0.5);
    return worldToVoxel(image, voxelToWorld(grid, at));
  });
  return corners.every((corner) =>
    corner.every((n, a) => n >= -0.501 && n <= image.size[a as 0 | 1 | 2] - 0.499),
  );
}

/** PyRadiomics' grid of another spacing around a mask: outer voxel edges stay where they are. */
function croppedGrid(grid: Grid, { start, size }: BoxMask, spacing: Vec3, pad: number): Grid {
  const ratio = perAxis((a) => grid.spacing[a] / spacing[a]);
  const low = perAxis((a) => Math.max(Math.floor((start[a] - 0.5) * ratio[a] - pad), 0));
  const high = perAxis((a) =>
    Math.min(
      Math.ceil((start[a] + size[a] - 0.5) * ratio[a] + pad),
      Math.ceil(grid.size[a] * ratio[a]) - 1,
    ),
  );
  const first = perAxis(
    (a) => (0.5 * (spacing[a] - grid.spacing[a])) / grid.spacing[a] + low[a] / ratio[a],
  );
  return {
    size: perAxis((a) => high[a] - low[a] + 1),
    spacing,
    origin: voxelToWorld(grid, first),
    direction: grid.direction,
  };
}

/** A mask on another grid, by nearest neighbour. */
function onGrid({ start, size, data }: BoxMask, grid: Grid, target: Grid): BoxMask | undefined {
  const picked = resampleMask({ data, size, at: start }, grid, target);
  return boxMask(picked.data, picked.size);
}

/** One voxel is never enough. */
function isLargeEnough({ size, count }: BoxMask, settings: Settings): boolean {
  const axes = size.filter((n) => n > 1).length;
  const { minimumROIDimensions, minimumROISize = 0 } = settings;
  return axes > 0 && axes >= minimumROIDimensions && count > minimumROISize;
}

/** The mask without the voxels whose values lie beyond the range. */
function resegmented(
  image: ImageReader,
  mask: BoxMask,
  { resegmentRange, resegmentMode }: Settings,
): BoxMask | undefined {
  if (resegmentRange === undefined) return mask;
  const values = image.read(mask);
  const inside = valuesInside(values, mask);
  const mean = inside.reduce((sum, v) => sum + v, 0) / inside.length;
  const limit = (value: number): number => {
    switch (resegmentMode) {
      case 'absolute':
        return value;
      case 'relative':
        return value * inside.reduce((most, v) => Math.max(most, v), -Infinity);
      case 'sigma': {
        const squares = inside.reduce((sum, v) => sum + (v - mean) ** 2, 0);
        return mean + value * Math.sqrt(squares / inside.length);
      }
    }
  };
  const limits = [...resegmentRange].sort((a, b) => a - b).map(limit);
  // NumPy compares float32 values with limits of that precision.
  const [low, high = Infinity] = image.type === 'float32' ? limits.map(Math.fround) : limits;
  const data = mask.data.map((is, at) =>
    is !== 0 && values[at]! >= low! && values[at]! <= high ? 1 : 0,
  );
  return boxMask(data, mask.size, mask.start);
}
