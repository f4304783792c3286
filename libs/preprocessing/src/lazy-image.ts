import { HecktorError } from '@hecktor/errors';
import {
  bareGrid,
  copyBox,
  gridOfRegion,
  intersect,
  pasteBox,
  perAxis,
  voxelCount,
  wholeRegion,
} from '@hecktor/volume';
import type { Grid, NumericVoxelArray, Region, Vec3, Volume } from '@hecktor/volume';
import type { Engine } from './engine.ts';
import { applyPointOperationsInPlace, type PointOperation } from './kernels/point-operation.ts';

/** Most voxels of an array that are copied at once to be looked at: 4 MiB. */
const SLAB_VOXELS = 2 ** 20;
/** The same of an image that is made, margins of a filter around each slab: 64 MiB. */
const MADE_VOXELS = 2 ** 24;
/** Largest number of voxels of one image held in memory at once: 2^31 - 1. */
const MAX_VOXELS = 2 ** 31 - 1;

/** Where the voxels of an image come from. */
interface ImageSource {
  readonly grid: Grid;
  /** The voxels, when they are all there already. */
  readonly volume?: Volume<NumericVoxelArray>;
  /** Makes the values of a region of the grid, in a new array. */
  read(region: Region, engine: Engine): Promise<Float32Array<ArrayBuffer>>;
  /**
   * Shows a region some slices at a time, at less cost than reading each of these parts; the array
   * is used again for the next ones. `z` counts from the region's first slice.
   */
  visit?(region: Region, engine: Engine, visit: Visit): Promise<void>;
  /** The image that lies inside this one, which has the same value everywhere else. */
  readonly padding?: { readonly image: LazyImage; readonly at: Vec3; readonly value: number };
  /** Set where reading any part of it takes the work of the whole. */
  readonly indivisible?: true;
}

/** Is shown the values of some slices, of which `z` is the first. */
type Visit = (values: Float32Array, z: number) => void;

/**
 * An image between two steps. Crops move the region, point operations queue up; values are made
 * when they are requested, and only those of the region.
 */
export interface LazyImage {
  readonly name: string;
  readonly source: ImageSource;
  /** The image's box in the source's grid, inside it. */
  readonly region: Region;
  readonly operations: readonly PointOperation[];
}

/** The whole of a source as an image. */
export function createImage(name: string, source: ImageSource): LazyImage {
  return { name, source, region: wholeRegion(source.grid), operations: [] };
}

/** An image of voxels that are there; they are read, never written. */
export function arrayImage(name: string, volume: Volume<NumericVoxelArray>): LazyImage {
  return createImage(name, {
    grid: bareGrid(volume),
    volume,
    async read(region) {
      const out = copyBox(volume, region, new Float32Array(voxelCount(region)));
      assertFinite(out, name);
      return out;
    },
  });
}

/** An image with voxels of one value around it; on `grid` its first voxel is `at`. */
export function padImage(image: LazyImage, grid: Grid, at: Vec3, value: number): LazyImage {
  const box = { start: at, size: image.region.size };
  return createImage(image.name, {
    grid,
    padding: { image, at, value },
    ...(image.source.indivisible === true && { indivisible: true as const }),
    async read(region, engine) {
      const out = new Float32Array(voxelCount(region)).fill(value);
      const shared = intersect(region, box);
      if (shared === undefined) return out;
      const inImage = { start: perAxis((a) => shared.start[a] - at[a]), size: shared.size };
      const inRegion = {
        start: perAxis((a) => shared.start[a] - region.start[a]),
        size: shared.size,
      };
      pasteBox(await readImage(cropImage(image, inImage), engine), inRegion, region.size, out);
      return out;
    },
  });
}

/** The grid of an image. */
export function gridOf(image: LazyImage): Grid {
  return gridOfRegion(image.source.grid, image.region);
}

/** The part of an image that lies in a region of it. */
export function cropImage(image: LazyImage, region: Region): LazyImage {
  const start = perAxis((a) => image.region.start[a] + region.start[a]);
  return { ...image, region: { start, size: region.size } };
}

/** The image with one more change of every value. */
export function withOperation(image: LazyImage, operation: PointOperation): LazyImage {
  return { ...image, operations: [...image.operations, operation] };
}

/** The values of an image, in a new array. */
export async function readImage(
  image: LazyImage,
  engine: Engine,
): Promise<Float32Array<ArrayBuffer>> {
  const { size } = image.region;
  if (voxelCount(image.region) > MAX_VOXELS) {
    throw new HecktorError('OUT_OF_MEMORY', {
      detail: `the image "${image.name}" would have ${size.join(' x ')} voxels`,
      fix: 'crop to a region of interest or use a coarser spacing in the recipe',
    });
  }
  const data = await image.source.read(image.region, engine);
  applyPointOperationsInPlace(data, image.operations);
  return data;
}

/** Whether an image is not to be kept, but made again wherever it is read. */
export function staysLazy({ source, region }: LazyImage, { mostKept }: Engine): boolean {
  return source.indivisible !== true && voxelCount(region) > mostKept;
}

/** An image whose voxels are there, the same or its values in an array; or one that stays lazy. */
export async function loadImage(image: LazyImage, engine: Engine): Promise<LazyImage> {
  const isThere = image.source.volume !== undefined || staysLazy(image, engine);
  return isThere ? image : (await ownImage(image, engine)).image;
}

/** The image with an array in place of each source that cannot be read in parts. */
export async function divisibleImage(image: LazyImage, engine: Engine): Promise<LazyImage> {
  const { source, region, operations } = image;
  if (source.indivisible !== true) return image;
  if (source.padding === undefined) return (await ownImage(image, engine)).image;
  const { at, value } = source.padding;
  const inner = await divisibleImage(source.padding.image, engine);
  return { ...padImage(inner, source.grid, at, value), region, operations };
}

/** The values of an image in a new array, and the image that they are. */
export async function ownImage(image: LazyImage, engine: Engine) {
  const data = await readImage(image, engine);
  // Whatever reads voxels has looked at them already.
  if (image.operations.length > 0) assertFinite(data, image.name);
  finite.add(data);
  return { data, image: arrayImage(image.name, { ...gridOf(image), data }) };
}

/** A box of an array with the values of an image; outside of it the image has one value. */
interface PlacedBox {
  readonly data: Float32Array;
  /** Size of the array, and the box of it that counts. */
  readonly size: Vec3;
  readonly box: Region;
  /** Where the box lies in the image. */
  readonly at: Vec3;
  readonly outside: number;
}

/** The values of an image, without copying them or making padding where that can be avoided. */
export async function placedBox(image: LazyImage, engine: Engine): Promise<PlacedBox> {
  const { padding } = image.source;
  if (padding !== undefined && image.operations.length === 0 && isWhole(image)) {
    return { ...(await valuesOf(padding.image, engine)), at: padding.at, outside: padding.value };
  }
  return { ...(await valuesOf(image, engine)), at: [0, 0, 0], outside: 0 };
}

async function valuesOf(image: LazyImage, engine: Engine) {
  const { source, region, operations } = image;
  const data = source.volume?.data;
  if (operations.length === 0 && data instanceof Float32Array && finite.has(data)) {
    return { data, size: source.grid.size, box: region };
  }
  return { data: await readImage(image, engine), size: region.size, box: wholeRegion(region) };
}

/** Shows the values of an image some slices at a time, in arrays that are only valid meanwhile. */
export async function visitSlabs(image: LazyImage, engine: Engine, visit: Visit): Promise<void> {
  const { source, region, operations } = image;
  const [width, height, depth] = region.size;
  const whole = wholeArray(image);
  if (whole instanceof Float32Array) {
    assertFinite(whole, image.name);
    return visit(whole, 0);
  }
  const most = slabSlices(region.size, source.volume === undefined ? MADE_VOXELS : SLAB_VOXELS);
  if (source.visit !== undefined) {
    return source.visit(region, engine, (values, z) => {
      applyPointOperationsInPlace(values, operations);
      visit(values, z);
    });
  }
  for (let z = 0; z < depth; z += most) {
    const size = [width, height, Math.min(most, depth - z)] as const;
    visit(await readImage(cropImage(image, { start: [0, 0, z], size }), engine), z);
  }
}

/** Slices of `size` with at most so many voxels, but at least one. */
export function slabSlices([width, height]: Vec3, voxels: number): number {
  return Math.max(1, Math.floor(voxels / (width * height)));
}

/** The array that is the image as it stands, nothing cut off and nothing changed; or undefined. */
export function wholeArray(image: LazyImage): NumericVoxelArray | undefined {
  return isWhole(image) && image.operations.length === 0 ? image.source.volume?.data : undefined;
}

function isWhole({ region, source }: LazyImage): boolean {
  return region.size.every((n, a) => n === source.grid.size[a]);
}

/** Arrays made here in which no value is NaN or infinite. */
const finite = new WeakSet<Float32Array>();

/** Throws IMAGE_NOT_FINITE for an array with a value that is not finite. */
function assertFinite(values: Float32Array, image: string): void {
  if (finite.has(values)) return;
  for (let i = 0; i < values.length; i++) {
    if (values[i]! - values[i]! !== 0) throwNotFinite(image);
  }
}

export function throwNotFinite(image: string): never {
  throw new HecktorError('IMAGE_NOT_FINITE', {
    detail: `the image "${image}" holds NaN or infinite values where they are needed`,
  });
}
