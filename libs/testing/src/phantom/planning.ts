import { createGrid, createVolume, toVec3, type Grid, type Volume } from '@hecktor/volume';
import { createRandom } from '../random.ts';
import { gaussianBlurInPlace } from './blur.ts';
import { paint, type Layer } from './paint.ts';
import type { Pose } from './pose.ts';
import { scanCt } from './scan-ct.ts';
import { TISSUE } from './tissue.ts';

/** What a radiotherapy patient has besides the PET/CT. */
export interface Planning {
  /** A second CT of the same patient, on a grid of its own. */
  readonly ct: Volume<Int16Array>;
  /** Gy, on a coarser grid. */
  readonly dose: Volume<Float32Array>;
}

const PRESCRIBED = 70;
const ELECTIVE = 54;

/**
 * A planning CT and a dose: 70 Gy to lesions with a margin, 54 Gy to both sides of the neck,
 * falling off over about a centimetre. In the world of the diagnostic CT.
 */
export function planTherapy(
  seed: number,
  diagnostic: Grid,
  patient: { pose: Pose; layers: readonly Layer[]; metal: boolean },
): Planning {
  const random = createRandom(seed ^ 0x70_1a_4e);
  const grid = coverage(diagnostic, 4.5, [random.between(-5, 5), random.between(-5, 5)]);
  const tissues = paint(grid, patient.pose, patient.layers);
  const ct = scanCt(grid, tissues, { noise: random.between(8, 14), metal: patient.metal }, random);
  const coarse = coverage(diagnostic, 6, [random.between(-3, 3), random.between(-3, 3)]);
  const target = paint(coarse, patient.pose, patient.layers);
  return { ct, dose: createVolume(coarse, dose(coarse, target, patient.pose)) };
}

/** A grid over the same field of view at other voxels. */
function coverage(of: Grid, step: number, shift: readonly [number, number]): Grid {
  const count = toVec3(of.size.map((n, i) => Math.floor((n * of.spacing[i]!) / step)));
  return createGrid([count[0], count[1], count[2]], {
    spacing: [step, step, step],
    origin: [of.origin[0] + shift[0], of.origin[1] + shift[1], of.origin[2] + step / 2],
  });
}

function dose(grid: Grid, tissues: Uint8Array, pose: Pose): Float32Array {
  const boost = Float32Array.from(tissues, (tissue) => (tissue >= TISSUE.tumour ? 1 : 0));
  const neck = new Float32Array(tissues.length);
  const [nx, ny, nz] = grid.size;
  for (let k = 0, at = 0; k < nz; k++) {
    const z = (grid.origin[2] + k * grid.spacing[2] - pose.height) / pose.scale[2];
    const [shiftX, shiftY] = pose.shift(z);
    for (let j = 0; j < ny; j++) {
      const y = grid.origin[1] + j * grid.spacing[1] - shiftY;
      for (let i = 0; i < nx; i++, at++) {
        if (z < -135 || z > -5 || tissues[at] === TISSUE.outside) continue;
        const x = Math.abs(grid.origin[0] + i * grid.spacing[0] - shiftX);
        if (((x - 36) / 20) ** 2 + ((y + 4) / 30) ** 2 < 1) neck[at] = 1;
      }
    }
  }
  const sigma = toVec3(grid.spacing.map((s) => 8 / s));
  gaussianBlurInPlace(boost, grid.size, sigma);
  gaussianBlurInPlace(neck, grid.size, sigma);
  return boost.map((share, i) =>
    Math.fround(
      Math.max(PRESCRIBED * Math.min(1, 2.5 * share), ELECTIVE * Math.min(1, 1.4 * neck[i]!)),
    ),
  );
}
