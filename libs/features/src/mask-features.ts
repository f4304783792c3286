import { HecktorError } from '@hecktor/errors';
import { assertVolume, type NumericVoxelArray, type Volume } from '@hecktor/volume';
import { largestDistance, lesionCentroids } from './distances.ts';
import { valuesInTarget } from './interpolate.ts';
import { bodyMidline, extents, NO_NODES, nodeGeometry } from './node-geometry.ts';
import { principalAxes } from './principal-axes.ts';
import { suvPeak } from './suv-peak.ts';
import { TARGET_NAMES, cropLabels, targetVoxels, type TargetVoxels } from './targets.ts';

export interface MaskFeatureOptions {
  /** 0 background, 1 GTVp, 2 GTVn. */
  readonly labels: Volume<Uint8Array>;
  /** Standardised uptake values, on any grid. */
  readonly pet: Volume<NumericVoxelArray>;
  /** HU on the labels' grid, for the patient's midline; without it that is the middle of the grid. */
  readonly ct?: Volume<NumericVoxelArray>;
  /** Volume in mm3 below which a component is no lesion; 64 (a PET voxel of 4 mm) by default. */
  readonly minLesion?: number;
}

/** Fixed SUV thresholds of metabolic volumes (names as in the feature). */
const THRESHOLDS = { 'MTV2.5': 2.5, MTV4: 4 } as const;

const OF_MASK = [
  ...['volume', 'count', 'spread', 'majorAxis', 'elongation', 'flatness'],
  ...['extentX', 'extentY', 'extentZ'],
  ...['SUVmax', 'SUVmean', 'SUVpeak', 'MTV', 'TLG', 'MTV41%', 'MTV2.5', 'MTV4'],
];

export const MASK_FEATURE_NAMES: readonly string[] = [
  ...TARGET_NAMES.flatMap((target) => OF_MASK.map((name) => `mask.${target}.${name}`)),
  ...['left', 'right', 'bilateral', 'contralateral', 'near', 'middle', 'far', 'closest'].map(
    (name) => `mask.GTVn.${name}`,
  ),
  ...['farthest', 'nearest', 'mean', 'lowest'].map((name) => `mask.distance.${name}`),
];

/**
 * Size, uptake and spread of the tumours, by the names `mask.<GTVp|GTVn|GTV>.<feature>`:
 *
 * - `volume` in mL: number of voxels times voxel volume.
 * - `count`: 26-connected components of at least `minLesion`. `spread` in mm: distance of the two
 *   component centroids farthest apart, 0 for a single one ("Dmax", Cottereau et al., J Nucl Med
 *   2020, 61:40).
 * - `majorAxis` in mm, `elongation`, `flatness`: see IBSI, morphological features.
 * - `SUVmax`, `SUVmean`: of the PET interpolated linearly at the mask's voxel centres. `SUVpeak`: the
 *   highest mean of a sphere of 1 mL (IBSI's global intensity peak; PERCIST, Wahl et al. 2009).
 * - `MTV` in mL: volume of the mask where there is PET. `MTV41%`, `MTV2.5`, `MTV4`: the part of it
 *   with at least 41 % of SUVmax (Boellaard et al., EANM guideline, 2015), SUV 2.5, SUV 4.
 * - `TLG` in mL: MTV x SUVmean.
 *
 * Extents, the places of nodal lesions and their distances: see {@link extents} and
 * {@link nodeGeometry}.
 *
 * A target without voxels has volume, count, MTV and TLG 0 and no other feature; beyond the PET there
 * is nothing but size and spread.
 *
 * @throws HecktorError INVALID_ARGUMENT for a volume without voxels, other labels or a bad `minLesion`;
 * IMAGE_NOT_FINITE for NaN or infinite PET values inside a tumour.
 */
export function maskFeatures(options: MaskFeatureOptions): Record<string, number> {
  const { labels, pet, ct, minLesion = 64 } = options;
  assertVolume(pet);
  if (!(Number.isFinite(minLesion) && minLesion >= 0)) {
    throw new HecktorError('INVALID_ARGUMENT', {
      detail: `expected minLesion to be a volume in mm3, got ${minLesion}`,
    });
  }
  const tumours = cropLabels(labels);
  const features: Record<string, number> = {};
  for (const target of TARGET_NAMES) {
    const voxels = tumours === undefined ? undefined : targetVoxels(tumours, target);
    const own =
      voxels === undefined || voxels.indices.length === 0
        ? { volume: 0, count: 0, MTV: 0, TLG: 0 }
        : { ...shapeOf(voxels, minLesion), ...uptakeIn(voxels, pet) };
    for (const [name, value] of Object.entries(own)) {
      if (value !== undefined) features[`mask.${target}.${name}`] = value;
    }
  }
  if (tumours === undefined) return { ...features, ...NO_NODES };
  const [primary, nodal] = [targetVoxels(tumours, 'GTVp'), targetVoxels(tumours, 'GTVn')];
  const midline = bodyMidline(labels, tumours, ct);
  return { ...features, ...nodeGeometry(primary, nodal, minLesion, midline) };
}

type Features = Record<string, number | undefined>;

function shapeOf(voxels: TargetVoxels, minLesion: number): Features {
  const centroids = lesionCentroids(voxels.mask, minLesion);
  return {
    volume: (voxels.indices.length / 3) * millilitres(voxels.mask),
    count: centroids.length,
    spread: largestDistance(centroids),
    ...principalAxes(voxels),
    ...extents(voxels),
  };
}

function uptakeIn(voxels: TargetVoxels, pet: Volume<NumericVoxelArray>): Features {
  const values = valuesInTarget(voxels, pet, 'pet').filter((value) => !Number.isNaN(value));
  if (values.length === 0) return {};
  const each = millilitres(voxels.mask);
  const sum = values.reduce((total, value) => total + value, 0);
  const highest = values.reduce((most, value) => Math.max(most, value), -Infinity);
  const above = (limit: number): number =>
    each * values.reduce((count, value) => count + (value >= limit ? 1 : 0), 0);
  return {
    SUVmax: highest,
    SUVmean: sum / values.length,
    SUVpeak: suvPeak(voxels, pet),
    MTV: each * values.length,
    TLG: each * sum,
    'MTV41%': above(0.41 * highest),
    ...Object.fromEntries(Object.entries(THRESHOLDS).map(([name, suv]) => [name, above(suv)])),
  };
}

function millilitres({ spacing }: Volume): number {
  return (spacing[0] * spacing[1] * spacing[2]) / 1000;
}
