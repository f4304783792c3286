import {
  createGrid,
  createVolume,
  toVec3,
  voxelToWorld,
  type Grid,
  type Vec3,
  type Volume,
} from '@hecktor/volume';

/** Options of {@link ballCase}; positions and radii are in mm, LPS. */
export interface BallCaseOptions {
  /** Centre of the one hot lesion. */
  readonly lesion?: Vec3;
  readonly radius?: number;
  /** Shifts the whole PET, e.g. so far that nothing overlaps. */
  readonly petShift?: Vec3;
  /** Row-major directions of both grids; the anatomy does not move with them. */
  readonly direction?: Float64Array;
}

/** A case whose anatomy is known to a formula. */
export interface BallCase {
  readonly ct: Volume<Int16Array>;
  readonly pet: Volume<Float32Array>;
  /** The lesion on the CT's grid, label 1. */
  readonly truth: Volume<Uint8Array>;
}

/** Uptake of the lesion and of the rest of the body. */
const HOT = 20;
const BODY = 1;

/**
 * A cylinder of soft tissue with a warm ball at its upper end, which the neck crop finds, and one
 * hot ball for a lesion. CT and PET differ in spacing, origin and field of view.
 */
export function ballCase(options: BallCaseOptions = {}): BallCase {
  const { lesion = [12, -8, 30], radius = 10, petShift = [0, 0, 0], direction } = options;
  const turned = direction === undefined ? {} : { direction };
  const ctGrid = centred([80, 72, 40], [2, 2, 4], turned);
  const petGrid = centred([48, 48, 44], [4, 4, 4], turned);
  const shifted = createGrid(petGrid.size, {
    ...petGrid,
    origin: toVec3(petGrid.origin.map((x, i) => x + petShift[i]!)),
  });
  const inLesion = ball(lesion, radius);
  const inBrain = ball([0, 0, 60], 22);
  const inBody = ([x, y]: Vec3): boolean => Math.hypot(x, y) < 45;
  const ct = fill(ctGrid, new Int16Array(80 * 72 * 40), (p) => (inBody(p) ? 40 : -1000));
  const pet = fill(petGrid, new Float32Array(48 * 48 * 44), (p) =>
    inLesion(p) ? HOT : inBrain(p) ? 6 : inBody(p) ? BODY : 0,
  );
  const truth = fill(ctGrid, new Uint8Array(80 * 72 * 40), (p) => (inLesion(p) ? 1 : 0));
  return { ct, pet: createVolume(shifted, pet.data), truth };
}

/** A grid around (0, 0, 0), a little off so that no voxel centre sits on it. */
function centred(size: Vec3, spacing: Vec3, fields: Partial<Grid>): Grid {
  const grid = createGrid(size, { ...fields, spacing });
  const middle = voxelToWorld(grid, toVec3(size.map((n) => (n - 1) / 2)));
  const origin = toVec3(middle.map((x, i) => -x + [0.3, -0.4, 1.1][i]!));
  return createGrid(size, { ...grid, origin });
}

function ball([cx, cy, cz]: Vec3, radius: number): (point: Vec3) => boolean {
  return ([x, y, z]) => Math.hypot(x - cx, y - cy, z - cz) <= radius;
}

function fill<T extends Int16Array | Float32Array | Uint8Array>(
  grid: Grid,
  data: T,
  value: (point: Vec3) => number,
): Volume<T> {
  let i = 0;
  for (let z = 0; z < grid.size[2]; z++) {
    for (let y = 0; y < grid.size[1]; y++) {
      for (let x = 0; x < grid.size[0]; x++) data[i++] = value(voxelToWorld(grid, [x, y, z]));
    }
  }
  return createVolume(grid, data);
}
