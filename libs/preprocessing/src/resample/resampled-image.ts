import type { Grid, NumericVoxelArray, Volume } from '@hecktor/volume';
import type { IntegerLimits } from '../kernels/kernel-job.ts';
import type { Evaluator } from '../images/evaluator.ts';
import type { Interpolation } from './axis-table.ts';
import { coefficientCache } from './coefficient-cache.ts';
import { evaluateNearest } from './evaluate-nearest.ts';
import { evaluateSpline, momentsOfSpline } from './evaluate-spline.ts';
import { relateGrids } from './relate-grids.ts';

/** What to resample, onto which grid, and how. */
export interface Resampling {
  readonly name: string;
  readonly source: Volume<NumericVoxelArray>;
  readonly target: Grid;
  readonly interpolation: Interpolation;
  /** Value where the target's voxel centre lies outside the source's voxels. */
  readonly outside: number;
  /** Range of the integer pixel type that results are clamped and truncated to, or null. */
  readonly limits: IntegerLimits | null;
  /** Most bytes of coefficients held at once; a larger region is worked through in pieces. */
  readonly maxBlockBytes?: number;
}

/**
 * An image resampled as ITK's ResampleImageFilter does it with the identity transform, worked out
 * region by region. Float results are rounded to float32.
 *
 * @throws HecktorError IMAGE_NOT_FINITE, when evaluated, for NaN or infinity where it matters.
 */
export function resampledImage(resampling: Resampling): Evaluator {
  const relation = relateGrids(resampling.target, resampling.source);
  const cache = coefficientCache();
  return {
    grid: resampling.target,
    moments: async (region, engine) =>
      resampling.interpolation === 'nearest'
        ? undefined
        : momentsOfSpline(
            { resampling, relation, region, engine, demand: { operations: [], sinks: [] } },
            cache,
          ),
    evaluate: (region, demand, engine) =>
      resampling.interpolation === 'nearest'
        ? evaluateNearest({ resampling, relation, region, demand, engine })
        : evaluateSpline({ resampling, relation, region, demand, engine }, cache),
  };
}
