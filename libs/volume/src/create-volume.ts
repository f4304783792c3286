import type { ErrorFacts } from '@hecktor/errors';
import { assertVolume, bareGrid, identityDirection, voxelCount } from './grid.ts';
import type { Grid, ScalarType, Vec3, Volume, VoxelArray } from './volume.ts';

const CONSTRUCTORS = {
  int8: Int8Array,
  uint8: Uint8Array,
  int16: Int16Array,
  uint16: Uint16Array,
  int32: Int32Array,
  uint32: Uint32Array,
  int64: BigInt64Array,
  uint64: BigUint64Array,
  float32: Float32Array,
  float64: Float64Array,
} as const;

export function arrayClassOf<S extends ScalarType>(type: S): (typeof CONSTRUCTORS)[S] {
  return CONSTRUCTORS[type];
}

export function scalarTypeOf(data: VoxelArray): ScalarType {
  for (const [name, constructor] of Object.entries(CONSTRUCTORS)) {
    if (data instanceof constructor) return name as ScalarType;
  }
  throw new TypeError('not a voxel array');
}

/** A grid with what is left out filled in: spacing 1 mm, origin 0, identity direction. */
export function createGrid(size: Vec3, fields: Partial<Omit<Grid, 'size'>> = {}): Grid {
  return {
    size,
    spacing: fields.spacing ?? [1, 1, 1],
    origin: fields.origin ?? [0, 0, 0],
    direction: fields.direction ?? identityDirection(),
  };
}

/** A volume on a grid; `data` is not copied. Throws as {@link assertVolume} does. */
export function createVolume<T extends VoxelArray>(
  grid: Grid,
  data: T,
  facts: Pick<ErrorFacts, 'file'> = {},
): Volume<T> {
  const volume = { ...bareGrid(grid), data };
  assertVolume(volume, facts);
  return volume;
}

/** A zero-filled volume, over shared memory when worker threads are to fill it. */
export function emptyVolume<S extends ScalarType>(
  grid: Grid,
  type: S,
  options: { shared?: boolean } = {},
): Volume<InstanceType<(typeof CONSTRUCTORS)[S]>> {
  const Class = arrayClassOf(type);
  const bytes = voxelCount(grid) * Class.BYTES_PER_ELEMENT;
  const buffer = options.shared === true ? new SharedArrayBuffer(bytes) : new ArrayBuffer(bytes);
  return createVolume(
    grid,
    new Class(buffer as ArrayBuffer) as InstanceType<(typeof CONSTRUCTORS)[S]>,
  );
}
