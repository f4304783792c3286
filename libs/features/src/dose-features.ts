import { HecktorError } from '@hecktor/errors';
import { assertVolume, type NumericVoxelArray, type Volume } from '@hecktor/volume';
import { valuesInTarget } from './interpolate.ts';
import { TARGET_NAMES, cropLabels, targetVoxels } from './targets.ts';

export interface DoseFeatureOptions {
  /** 0 background, 1 GTVp, 2 GTVn. */
  readonly labels: Volume<Uint8Array>;
  /** Absorbed dose in Gy, on any grid. */
  readonly dose: Volume<NumericVoxelArray>;
  /** Doses in Gy for which `V<Gy>` is wanted. */
  readonly volumesAt?: readonly number[];
}

/** All names that {@link doseFeatures} may return, but for `dose.<target>.V<Gy>`. */
export const DOSE_FEATURE_NAMES: readonly string[] = TARGET_NAMES.flatMap((target) =>
  ['mean', 'max', 'D95'].map((name) => `dose.${target}.${name}`),
);

/**
 * Dose in the tumours, by the names `dose.<GTVp|GTVn|GTV>.<feature>`:
 *
 * - `mean`, `max`: in Gy.
 * - `D95`: the dose in Gy that 95 % of the volume receives at least, the 5th percentile of the dose
 *   with linear interpolation between values (ICRU Report 83, 2010, section 3.4: dose-volume
 *   reporting).
 * - `V<Gy>`: the share of the volume, from 0 to 1, with at least that dose.
 *
 * The dose is interpolated linearly at the mask's voxel centres. Where the dose grid does not reach
 * there is no dose: 0 Gy. A target without voxels, or wholly beyond the dose grid, has no features.
 *
 * @throws HecktorError INVALID_ARGUMENT for a volume without voxels, other labels, or a threshold that
 * is not a finite number of at least 0; IMAGE_NOT_FINITE for NaN or infinite dose inside a tumour.
 */
export function doseFeatures(options: DoseFeatureOptions): Record<string, number> {
  const { labels, dose, volumesAt = [] } = options;
  assertVolume(dose);
  for (const gray of volumesAt) {
    if (!(Number.isFinite(gray) && gray >= 0)) {
      throw new HecktorError('INVALID_ARGUMENT', {
        detail: `expected doses in Gy of at least 0 in volumesAt, got ${gray}`,
      });
    }
  }
  const tumours = cropLabels(labels);
  const features: Record<string, number> = {};
  if (tumours === undefined) return features;
  for (const target of TARGET_NAMES) {
    const values = valuesInTarget(targetVoxels(tumours, target), dose, 'rt-dose');
    if (values.every(Number.isNaN)) continue;
    const sorted = values.map((value) => (Number.isNaN(value) ? 0 : value)).sort();
    const sum = sorted.reduce((total, value) => total + value, 0);
    features[`dose.${target}.mean`] = sum / sorted.length;
    features[`dose.${target}.max`] = sorted.at(-1)!;
    features[`dose.${target}.D95`] = quantile(sorted, 0.05);
    for (const gray of volumesAt) {
      const enough = sorted.reduce((count, value) => count + (value >= gray ? 1 : 0), 0);
      features[`dose.${target}.V${gray}`] = enough / sorted.length;
    }
  }
  return features;
}

/** Hyndman and Fan's definition 7, the default of NumPy's percentile. */
function quantile(sorted: Float64Array, share: number): number {
  const at = share * (sorted.length - 1);
  const below = Math.floor(at);
  const low = sorted[below]!;
  const high = sorted[Math.min(below + 1, sorted.length - 1)]!;
  return low + (at - below) * (high - low);
}
