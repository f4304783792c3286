import { HecktorError } from '@hecktor/errors';
import { createGrid, isSameGrid, perAxis } from '@hecktor/volume';
import type { Grid } from '@hecktor/volume';
import { invertOrientation, permuteVoxels } from '../orientation.ts';
import { clipToGrid, placeWhole, resampleLabels, type PlacedLabels } from './placed-labels.ts';
import type { ResetGeometryRecord, ReorientRecord, StepRecord } from './step-record.ts';

/**
 * Takes labels back over one step. Where images with different grids were brought together, labels
 * stay on the common grid: what they are for decides where they go from there.
 *
 * @param target - the grid that the labels go to in the end.
 * @throws HecktorError RESTORE_IMPOSSIBLE when it is none of those that were reset.
 */
export function invertStep(labels: PlacedLabels, record: StepRecord, target: Grid): PlacedLabels {
  switch (record.kind) {
    case 'intensity':
      return labels;
    case 'reset-geometry':
      return reapplyGeometry(labels, record, target);
    case 'crop':
      return {
        ...labels,
        grid: record.before,
        at: perAxis((a) => labels.at[a] + record.start[a]),
      };
    case 'pad':
      return clipToGrid({
        ...labels,
        grid: record.before,
        at: perAxis((a) => labels.at[a] - record.low[a]),
      });
    case 'reorient':
      return turnBack(labels, record);
    case 'resize':
      return placeWhole(resampleLabels(labels, record.before));
    case 'resample':
      return record.before === null ? labels : placeWhole(resampleLabels(labels, record.before));
  }
}

function turnBack(labels: PlacedLabels, record: ReorientRecord): PlacedLabels {
  const { order, flips, before } = record;
  const back = invertOrientation(record);
  const data = new Uint8Array(labels.data.length);
  permuteVoxels(labels.data, labels.size, back, data);
  const at: [number, number, number] = [0, 0, 0];
  order.forEach((axis, a) => {
    const i = a as 0 | 1 | 2;
    at[axis] = flips[i] ? before.size[axis] - labels.at[i] - labels.size[i] : labels.at[i];
  });
  return {
    data,
    size: perAxis((a) => labels.size[back.order[a]]),
    at,
    grid: before,
  };
}

/** Gives labels on a grid without geometry the grid of the image that the target belongs to. */
function reapplyGeometry(
  labels: PlacedLabels,
  { step, before }: ResetGeometryRecord,
  target: Grid,
): PlacedLabels {
  const grid = Object.values(before).find((one) => isSameGrid(one, target));
  if (grid === undefined) {
    throw new HecktorError('RESTORE_IMPOSSIBLE', {
      detail: `the step "${step}" took ${Object.keys(before).join(', ')} for bare arrays; labels go back to the grid of one of these only`,
    });
  }
  const { data } = resampleLabels(labels, createGrid(grid.size));
  return placeWhole({ ...grid, data });
}
