import type { Engine } from '../engine.ts';
import { reachesBeyond, settle, type ImageView } from '../images/image-view.ts';

/** The view with padding worked out, so that sinks see the padded voxels too. */
export function settlePadding(view: ImageView, engine: Engine): Promise<ImageView> {
  return reachesBeyond(view) ? settle(view, engine) : Promise.resolve(view);
}
