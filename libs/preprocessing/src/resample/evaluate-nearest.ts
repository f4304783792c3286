import { runInParts } from '../engine.ts';
import { assertFinite } from '../images/non-finite.ts';
import { shareSource, stridedSource } from '../images/strided-source.ts';
import type { Producer } from '../kernels/kernel-job.ts';
import type { Region } from '../region.ts';
import { touchedVoxels } from './axis-table.ts';
import { evaluateOutside } from './evaluate-outside.ts';
import { obliqueTouch, regionTables, type Evaluation } from './evaluation.ts';

/** Evaluates a region by nearest neighbour. */
export async function evaluateNearest(evaluation: Evaluation): Promise<void> {
  const { region, demand, engine, resampling } = evaluation;
  const status = engine.int32(1);
  const producer = nearestProducer(evaluation, status);
  if (producer === undefined) return evaluateOutside(evaluation, [0, region.size[2]]);
  await runInParts(engine, [0, region.size[2]], (slices) => ({
    kind: 'evaluate',
    producer,
    size: region.size,
    slices,
    ...demand,
  }));
  assertFinite(status, resampling.name);
}

function nearestProducer(
  { resampling, relation, region, engine }: Evaluation,
  status: Int32Array,
): Producer | undefined {
  const { source, outside } = resampling;
  const { map, order } = relation;
  if (order === null) {
    const touched = obliqueTouch(map, region, source.size);
    if (touched === undefined) return undefined;
    const shared = shareSource(stridedSource(source), box(touched), engine);
    return { kind: 'oblique-pick', map, start: region.start, source: shared, outside, status };
  }
  const tables = regionTables(map, order, region, source, 'nearest');
  const touched = tables.map((table) => touchedVoxels(table, 1));
  if (touched.some((t) => t === undefined)) return undefined;
  const ranges = touched.map((t) => [t!.from, t!.to] as const);
  const shared = shareSource(stridedSource(source, order), box(ranges), engine);
  return { kind: 'pick', source: shared, tables, outside, status };
}

function box(ranges: readonly (readonly [number, number])[]): Region {
  const [x, y, z] = ranges as [
    readonly [number, number],
    readonly [number, number],
    readonly [number, number],
  ];
  return { start: [x[0], y[0], z[0]], size: [x[1] - x[0], y[1] - y[0], z[1] - z[0]] };
}
