import {
  createGrid,
  createVolume,
  toVec3,
  type Grid,
  type Vec3,
  type Volume,
} from '@hecktor/volume';
import type { Random } from '../random.ts';
import { gaussianBlurInPlace } from './blur.ts';

const { floor, max, round, sqrt } = Math;

const FWHM_PER_SIGMA = 2.3548;
/** Scanners store PET as integers with a slope: so many steps make one SUV. */
const LEVELS_PER_SUV = 256;

/** The grid on which activity is painted before the scanner blurs it: `step` mm over the box. */
export function activityGrid(lower: Vec3, upper: Vec3, step = 2): Grid {
  const size = toVec3([0, 1, 2].map((i) => Math.ceil((upper[i]! - lower[i]!) / step) + 1));
  return createGrid(size, { spacing: [step, step, step], origin: lower });
}

/**
 * A PET in SUV of painted tissues: uneven uptake, the scanner's resolution (`fwhm`, mm), sampling
 * on `grid`, and noise that is correlated between neighbours and grows with the root of uptake.
 */
export function scanPet(
  grid: Grid,
  painted: { grid: Grid; tissues: Uint8Array; suv: Float32Array },
  options: { fwhm: number; noise: number },
  random: Random,
): Volume<Float32Array> {
  const activity = unevenUptake(painted, random);
  const sigma = options.fwhm / FWHM_PER_SIGMA / painted.grid.spacing[0];
  gaussianBlurInPlace(activity, painted.grid.size, [sigma, sigma, sigma]);
  const data = sample(activity, painted.grid, grid);
  const noise = new Float32Array(data.length);
  for (let i = 0; i < noise.length; i++) noise[i] = random.normal();
  gaussianBlurInPlace(noise, grid.size, [0.7, 0.7, 0.7]);
  // Blurring white noise with sigma 0.7 in three axes leaves 0.255 of its standard deviation.
  const gain = options.noise / 0.255;
  for (let i = 0; i < data.length; i++) {
    const suv = data[i]!;
    const noisy = max(0, suv + gain * noise[i]! * sqrt(0.015 + 0.5 * suv));
    data[i] = round(noisy * LEVELS_PER_SUV) / LEVELS_PER_SUV;
  }
  return createVolume(grid, data);
}

/** Uptake per voxel, with cell-sized random variation that survives the scanner's blur. */
function unevenUptake(
  painted: { grid: Grid; tissues: Uint8Array; suv: Float32Array },
  random: Random,
): Float32Array {
  const [nx, ny, nz] = painted.grid.size;
  const cell = round(10 / painted.grid.spacing[0]);
  const [mx, my] = [Math.ceil(nx / cell), Math.ceil(ny / cell)];
  const coarse = Float32Array.from({ length: mx * my * Math.ceil(nz / cell) }, () =>
    Math.max(0.4, 1 + 0.16 * random.normal()),
  );
  const activity = new Float32Array(painted.tissues.length);
  for (let k = 0, at = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++) {
      const row = mx * (Math.floor(j / cell) + my * Math.floor(k / cell));
      for (let i = 0; i < nx; i++, at++) {
        const suv = painted.suv[painted.tissues[at]!]!;
        if (suv !== 0) activity[at] = suv * coarse[row + floor(i / cell)]!;
      }
    }
  }
  return activity;
}

/** Linear interpolation of an axis-aligned image; 0 outside. */
function sample(values: Float32Array, from: Grid, to: Grid): Float32Array {
  const [nx, ny, nz] = to.size;
  const out = new Float32Array(nx * ny * nz);
  const [x, y, z] = [0, 1, 2].map((axis) => axisLookup(from, to, axis)) as [Axis, Axis, Axis];
  const [sy, sz] = [from.size[0], from.size[0] * from.size[1]];
  for (let k = z.first; k <= z.last; k++) {
    for (let j = y.first; j <= y.last; j++) {
      const base = y.index[j]! * sy + z.index[k]! * sz;
      const [ty, tz] = [y.part[j]!, z.part[k]!];
      for (let i = x.first; i <= x.last; i++) {
        const at = base + x.index[i]!;
        const t = x.part[i]!;
        const line = (p: number) => values[p]! + t * (values[p + 1]! - values[p]!);
        const near = line(at) + ty * (line(at + sy) - line(at));
        const far = line(at + sz) + ty * (line(at + sz + sy) - line(at + sz));
        out[i + nx * (j + ny * k)] = near + tz * (far - near);
      }
    }
  }
  return out;
}

interface Axis {
  readonly index: Int32Array;
  readonly part: Float32Array;
  readonly first: number;
  readonly last: number;
}

function axisLookup(from: Grid, to: Grid, axis: number): Axis {
  const n = to.size[axis]!;
  const index = new Int32Array(n);
  const part = new Float32Array(n);
  let [first, last] = [n, -1];
  for (let i = 0; i < n; i++) {
    const at =
      (to.origin[axis]! + i * to.spacing[axis]! - from.origin[axis]!) / from.spacing[axis]!;
    index[i] = Math.floor(at);
    part[i] = at - index[i]!;
    if (at < 0 || at >= from.size[axis]! - 1) continue;
    first = Math.min(first, i);
    last = i;
  }
  return { index, part, first, last };
}
