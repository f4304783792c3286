import type { NumericVoxelArray, Volume } from '@hecktor/volume';
import type { AxisTable, Producer } from '../kernels/kernel-job.ts';
import { runInParts } from '../engine.ts';
import type { Evaluator } from './evaluator.ts';
import { assertFinite } from './non-finite.ts';
import { shareSource, stridedSource } from './strided-source.ts';

/** An image that is already there; it is read, never written. */
export function arrayImage(volume: Volume<NumericVoxelArray>, name: string): Evaluator {
  const { size, spacing, origin, direction } = volume;
  return {
    grid: { size, spacing, origin, direction },
    volume,
    async evaluate(region, demand, engine) {
      const status = engine.int32(1);
      const producer: Producer = {
        kind: 'pick',
        source: shareSource(stridedSource(volume), region, engine),
        tables: [0, 1, 2].map((a) => run(region.start[a]!, region.size[a]!)) as unknown as [
          AxisTable,
          AxisTable,
          AxisTable,
        ],
        outside: 0,
        status,
      };
      await runInParts(engine, [0, region.size[2]], (slices) => ({
        kind: 'evaluate',
        producer,
        size: region.size,
        slices,
        ...demand,
      }));
      assertFinite(status, name);
    },
  };
}

/** The table of `count` consecutive voxels. */
function run(start: number, count: number): AxisTable {
  const base = Int32Array.from({ length: count }, (_, i) => start + i);
  return { from: 0, to: count, base, weights: new Float64Array(0) };
}
