import type { Grid } from '@hecktor/volume';
import { cropView } from '../images/image-view.ts';
import { gridOfRegion, type Region } from '../region.ts';
import { mapViews, type StepResult, type Views } from './step.ts';

/** Crops all images to a region of their common grid and records it. */
export async function cropTo(
  views: Views,
  before: Grid,
  region: Region,
  step: string,
): Promise<StepResult> {
  const cropped = await mapViews(views, (view) => cropView(view, region));
  const after = gridOfRegion(before, region);
  return { views: cropped, record: { kind: 'crop', step, before, after, start: region.start } };
}
