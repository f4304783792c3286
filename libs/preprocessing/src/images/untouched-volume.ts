import type { NumericVoxelArray, Volume } from '@hecktor/volume';
import type { ImageView } from './image-view.ts';

/** The volume behind a view that shows all of it unchanged, or undefined. */
export function untouchedVolume(view: ImageView): Volume<NumericVoxelArray> | undefined {
  const { window, evaluator, operations } = view;
  const whole =
    operations.length === 0 &&
    window.start.every((s) => s === 0) &&
    window.size.every((n, a) => n === evaluator.grid.size[a]);
  return whole ? evaluator.volume : undefined;
}
