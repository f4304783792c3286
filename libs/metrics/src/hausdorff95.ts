import { assertSameMaskGrid, type Mask } from './label-overlap.ts';
import { percentileOfSorted } from './percentile.ts';
import { PointTree } from './point-tree.ts';
import { surfacePoints } from './surface-points.ts';

/**
 * The 95th percentile Hausdorff distance, mm: of the distances from each surface voxel to the
 * other mask's nearest surface voxel the 95th percentile, and the larger one of both directions
 * (MONAI's `compute_hausdorff_distance`).
 *
 * @returns NaN when both masks lack the label, Infinity when one does.
 * @throws HecktorError OUTPUT_GRID_MISMATCH when the masks are on different grids.
 */
export function hausdorff95(truth: Mask, prediction: Mask, label: number): number {
  assertSameMaskGrid(truth, prediction);
  const a = surfacePoints(truth, label);
  const b = surfacePoints(prediction, label);
  if (a.length === 0 && b.length === 0) return Number.NaN;
  if (a.length === 0 || b.length === 0) return Infinity;
  return Math.max(directed95(a, b), directed95(b, a));
}

function directed95(from: Float64Array, to: Float64Array): number {
  const tree = new PointTree(to);
  const distances = Float64Array.from({ length: from.length / 3 }, (_, i) =>
    tree.distanceTo([from[i * 3]!, from[i * 3 + 1]!, from[i * 3 + 2]!]),
  );
  return percentileOfSorted(distances.sort(), 95);
}
