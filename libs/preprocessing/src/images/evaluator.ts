import type { Grid, NumericVoxelArray, Volume } from '@hecktor/volume';
import type { Engine } from '../engine.ts';
import type { PointOperation } from '../kernels/point-operation.ts';
import type { Sink } from '../kernels/sink.ts';
import type { Moments } from '../statistics.ts';
import type { Region } from '../region.ts';

/** What happens to the values of a region on their way. */
export interface Demand {
  readonly operations: readonly PointOperation[];
  /** Take the slices; slice 0 is the first of the region. */
  readonly sinks: readonly Sink[];
}

/** An image whose voxels are worked out region by region, when they are asked for. */
export interface Evaluator {
  /** The grid the image is defined on. */
  readonly grid: Grid;
  /** The voxels, when they are all there already. */
  readonly volume?: Volume<NumericVoxelArray>;
  /** Evaluates a region, which must lie inside the grid. */
  evaluate(region: Region, demand: Demand, engine: Engine): Promise<void>;
  /** The moments of a region's values, where they can be had without evaluating it. */
  moments?(region: Region, engine: Engine): Promise<Moments | undefined>;
}
