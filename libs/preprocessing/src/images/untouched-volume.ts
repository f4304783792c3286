import type { NumericVoxelArray, Vec3, Volume } from '@hecktor/volume';
import type { Region } from '../region.ts';
import type { ImageView } from './image-view.ts';

/** The volume behind a view that shows all of it unchanged, or undefined. */
export function untouchedVolume(view: ImageView): Volume<NumericVoxelArray> | undefined {
  const { window, visible, evaluator, operations } = view;
  const { size } = evaluator.grid;
  const whole =
    operations.length === 0 &&
    [window, visible].every((box) => box !== undefined && covers(box, size));
  return whole ? evaluator.volume : undefined;
}

function covers({ start, size }: Region, whole: Vec3): boolean {
  return start.every((s) => s === 0) && size.every((n, a) => n === whole[a]);
}
