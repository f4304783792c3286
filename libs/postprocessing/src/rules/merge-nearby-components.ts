import { boundingBox, componentBounds, componentRuns, perAxis, voxelCount } from '@hecktor/volume';
import type { Region, Vec3, Volume } from '@hecktor/volume';
import { Type } from 'typebox';
import { squaredDistances } from './distance-map.ts';
import { eachVoxel } from './each-voxel.ts';
import { connectivity, label, ruleSchema, type Rule } from './rule.ts';

const schema = ruleSchema(
  'merge-nearby-components',
  'Makes one connected component of those of a label that lie near each other: the background on the ' +
    'shortest way between two of them gets the label, one voxel wide and more.',
  {
    label,
    maxDistance: Type.Number({
      exclusiveMinimum: 0,
      maximum: 100,
      description:
        'Components are merged whose nearest voxel centres are at most this far apart, mm.',
    }),
    connectivity,
  },
);

export const mergeNearbyComponentsRule: Rule<typeof schema> = {
  schema,
  apply(labels, { label, maxDistance, connectivity = 26 }) {
    const { size, spacing } = labels;
    const data = labels.data.slice();
    const components = numbered(labels, label, connectivity);
    // The way by a voxel off the straight line between two others is at most this much longer.
    const detour = Math.hypot(...spacing);
    const margin = perAxis((a) => Math.ceil((maxDistance + detour) / spacing[a]));
    for (const [i, bounds] of components.bounds.entries()) {
      const one = i + 1;
      const box = boundingBox(bounds, size, margin)!;
      const own = distancesTo(components, one, box, spacing);
      const nearest = new Map<number, number>();
      eachVoxel(box, size, (at, i) => {
        const other = components.data[at]!;
        if (other > one) nearest.set(other, Math.min(nearest.get(other) ?? Infinity, own[i]!));
      });
      for (const [other, distance] of nearest) {
        if (distance > maxDistance) continue;
        const theirs = distancesTo(components, other, box, spacing);
        eachVoxel(box, size, (at, i) => {
          if (data[at] === 0 && own[i]! + theirs[i]! <= distance + detour) data[at] = label;
        });
      }
    }
    return { ...labels, data };
  },
};

/** The number of the component that each voxel of a label belongs to, 0 elsewhere. */
function numbered(labels: Volume<Uint8Array>, label: number, connectivity: 6 | 18 | 26) {
  const runs = componentRuns(labels.data, labels.size, label, connectivity);
  const data = new Uint32Array(labels.data.length);
  runs.labels.forEach((component, run) => data.fill(component, runs.starts[run], runs.ends[run]));
  return { data, size: labels.size, bounds: componentBounds(runs, labels.size) };
}

type Components = ReturnType<typeof numbered>;

/** The distance in mm to a component, of the voxels of a box. */
function distancesTo(
  components: Components,
  component: number,
  box: Region,
  spacing: Vec3,
): Float64Array {
  const mask = new Uint8Array(voxelCount(box));
  eachVoxel(box, components.size, (at, i) => {
    if (components.data[at] === component) mask[i] = 1;
  });
  return squaredDistances(mask, box.size, spacing).map(Math.sqrt);
}
