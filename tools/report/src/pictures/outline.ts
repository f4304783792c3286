import { contours } from 'd3-contour';
import type { Label } from '@hecktor/case-io';
import type { Mask } from '@hecktor/metrics';
import { createVolume } from '@hecktor/volume';
import { project, type View } from './project.ts';

/** The outline of a label on a view, a path of SVG in the view's millimetres; empty: it is not there. */
export interface Outline {
  readonly label: Label;
  readonly source: 'truth' | 'prediction';
  readonly path: string;
}

/**
 * The outlines of a mask's labels on several views: half way between voxels that have the label and
 * those that have not.
 */
export async function outlines<Name extends string>(
  mask: Mask,
  labels: readonly Label[],
  source: Outline['source'],
  views: Readonly<Record<Name, View>>,
): Promise<Record<Name, Outline[]>> {
  const names = Object.keys(views) as Name[];
  const out = {} as Record<Name, Outline[]>;
  for (const name of names) out[name] = [];
  for (const label of labels) {
    // The resampling of integers truncates: of 0 and 255 half is still half.
    const data = mask.data.map((value) => (value === label.value ? 255 : 0));
    if (!data.includes(255)) continue;
    const volume = createVolume(mask, data);
    for (const name of names) {
      const view = views[name];
      const path = pathOf(await project(volume, view, source), view);
      if (path !== '') out[name].push({ label, source, path });
    }
  }
  return out;
}

function pathOf(values: Float32Array, { width, height, right }: View): string {
  const scale = Math.hypot(...right);
  // Typed arrays will do: the values are read by their index alone.
  const numbers = values as unknown as number[];
  const { coordinates } = contours().size([width, height]).contour(numbers, 127.5);
  const point = (position: readonly number[]) =>
    position.map((at) => (at * scale).toFixed(1)).join(' ');
  return coordinates
    .flat()
    .map((ring) => `M${ring.slice(0, -1).map(point).join('L')}Z`)
    .join('');
}
