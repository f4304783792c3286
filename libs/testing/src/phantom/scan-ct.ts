import { createVolume, type Grid, type Volume } from '@hecktor/volume';
import type { Random } from '../random.ts';
import { gaussianBlurInPlace } from './blur.ts';
import { APPEARANCE, TISSUE } from './tissue.ts';

const { max, min, round } = Math;

/** A CT of painted tissues: HU with texture, noise, in-plane blur and metal streaks; int16. */
export function scanCt(
  grid: Grid,
  tissues: Uint8Array,
  options: { noise: number; metal: boolean },
  random: Random,
): Volume<Int16Array> {
  const hu = new Float32Array(256).fill(62);
  const spread = new Float32Array(256);
  for (const [tissue, look] of APPEARANCE) {
    hu[tissue] = look.hu;
    spread[tissue] = Math.hypot(look.texture, options.noise);
  }
  spread[TISSUE.outside] = 0;
  spread[TISSUE.airway] = 5;
  const [primary, core] = [random.between(62, 88), random.between(22, 38)];
  hu.fill(primary, TISSUE.tumour, TISSUE.nodeCore);
  hu.fill(core, TISSUE.nodeCore);
  hu[TISSUE.tumourCore] = core;
  spread.fill(Math.hypot(9, options.noise), TISSUE.tumour);
  const values = new Float32Array(tissues.length);
  for (let i = 0; i < values.length; i++) {
    const tissue = tissues[i]!;
    values[i] = hu[tissue]! + 1.9 * spread[tissue]! * random.normal();
  }
  if (options.metal) addStreaksInPlace(values, tissues, grid);
  const sigma = 0.85 / Math.max(grid.spacing[0], 0.85);
  gaussianBlurInPlace(values, grid.size, [sigma, sigma, 0]);
  const data = new Int16Array(values.length);
  for (let i = 0; i < data.length; i++) {
    data[i] = round(min(3071, max(-1024, values[i]!)));
  }
  return createVolume(grid, data);
}

/** Star-shaped bright and dark streaks in every plane that holds metal. */
function addStreaksInPlace(values: Float32Array, tissues: Uint8Array, grid: Grid): void {
  const [nx, ny, nz] = grid.size;
  const plane = nx * ny;
  for (let k = 0; k < nz; k++) {
    const slice = tissues.subarray(k * plane, (k + 1) * plane);
    let [count, cx, cy] = [0, 0, 0];
    for (let i = 0; i < plane; i++) {
      if (slice[i] !== TISSUE.metal) continue;
      count++;
      cx += i % nx;
      cy += Math.floor(i / nx);
    }
    if (count === 0) continue;
    cx /= count;
    cy /= count;
    const strength = 350 * Math.min(1, (count * grid.spacing[0] ** 2) / 120);
    for (let i = 0; i < plane; i++) {
      if (slice[i] === TISSUE.outside) continue;
      const x = ((i % nx) - cx) * grid.spacing[0];
      const y = (Math.floor(i / nx) - cy) * grid.spacing[1];
      const r = Math.hypot(x, y);
      const rays = Math.cos(11 * Math.atan2(y, x)) + Math.cos(17 * Math.atan2(y, x) + 1);
      values[k * plane + i]! += strength * rays * Math.exp(-r / 28);
    }
  }
}
