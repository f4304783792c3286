import type { NumericVoxelArray, Vec3, Volume } from '@hecktor/volume';
import type { Engine } from '../engine.ts';
import type { Demand } from '../images/evaluator.ts';
import type { AxisTable, ObliqueMap } from '../kernels/kernel-job.ts';
import { scanLine } from '../kernels/oblique-line.ts';
import type { Region } from '../region.ts';
import { axisTable, type Interpolation } from './axis-table.ts';
import { axisIndices, type AxisOrder, type GridRelation } from './relate-grids.ts';
import type { Resampling } from './resampled-image.ts';

/** One region of a resampled image on its way to its sinks. */
export interface Evaluation {
  readonly resampling: Resampling;
  readonly relation: GridRelation;
  readonly region: Region;
  readonly demand: Demand;
  readonly engine: Engine;
}

export type AxisTables = readonly [AxisTable, AxisTable, AxisTable];

/** Tables of a region along x, y, z for axes that run in parallel. */
export function regionTables(
  map: ObliqueMap,
  order: AxisOrder,
  region: Region,
  source: Volume<NumericVoxelArray>,
  interpolation: Interpolation,
): AxisTables {
  const table = (axis: 0 | 1 | 2): AxisTable =>
    axisTable(
      axisIndices({ map, order }, axis, region.start[axis], region.size[axis]),
      source.size[order[axis]],
      interpolation,
    );
  return [table(0), table(1), table(2)];
}

/**
 * The source voxels, per axis `[from, to)`, that nearest neighbours of an oblique region lie in,
 * from its corners; undefined when the region misses the source.
 */
export function obliqueTouch(
  map: ObliqueMap,
  region: Region,
  sourceSize: Vec3,
): readonly (readonly [number, number])[] | undefined {
  const low = [Infinity, Infinity, Infinity];
  const high = [-Infinity, -Infinity, -Infinity];
  for (const y of [region.start[1], region.start[1] + region.size[1] - 1]) {
    for (const z of [region.start[2], region.start[2] + region.size[2] - 1]) {
      const { start, way } = scanLine(map, y, z);
      for (const x of [region.start[0], region.start[0] + region.size[0] - 1]) {
        for (let a = 0; a < 3; a++) {
          const index = start[a]! + (x / map.lineLength) * way[a]!;
          low[a] = Math.min(low[a]!, index);
          high[a] = Math.max(high[a]!, index);
        }
      }
    }
  }
  const ranges = sourceSize.map((n, a): [number, number] => [
    Math.max(Math.floor(low[a]!) - 1, 0),
    Math.min(Math.ceil(high[a]!) + 2, n),
  ]);
  const misses = ranges.some(
    ([from, to], a) => from >= to || low[a]! >= sourceSize[a]! - 0.5 || high[a]! < -0.5,
  );
  return misses ? undefined : ranges;
}
