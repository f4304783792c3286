import { boxOf, componentRuns, voxelCount, voxelIndex, type Volume } from '@hecktor/volume';
import { Type } from 'typebox';
import { squaredDistances } from './distance-map.ts';
import { eachVoxel } from './each-voxel.ts';
import { keepLargestComponents } from './keep-largest-component.ts';
import { connectivity, label, ruleSchema, type Rule } from './rule.ts';

const mm = (description: string) => Type.Optional(Type.Number({ minimum: 0, description }));

const schema = ruleSchema(
  'relabel-by-distance',
  'Gives the connected components of a label another label by their distance to the primary, the ' +
    'largest component of `reference`; the distance is that of the nearest voxel centres. Without a ' +
    'primary nothing changes.',
  {
    label,
    reference: Type.Integer({
      minimum: 1,
      maximum: 255,
      description: 'The label of the primary; may be `label`, whose largest component then stays.',
    }),
    to: Type.Integer({ minimum: 0, maximum: 255, description: 'The new label, 0 removes.' }),
    within: mm('Components at most this far away, mm, get it. Default: any.'),
    beyond: mm('Components farther away than this, mm, get it. Default: any.'),
    connectivity,
  },
);

export const relabelByDistanceRule: Rule<typeof schema> = {
  schema,
  apply(labels, { label, reference, to, within = Infinity, beyond = -1, connectivity = 26 }) {
    const primary = keepLargestComponents(labels, { label: reference, connectivity });
    const distances = distancesToPrimary(labels, primary, reference);
    const data = labels.data.slice();
    if (distances === undefined) return { ...labels, data };
    const runs = componentRuns(labels.data, labels.size, label, connectivity);
    const nearest = new Float64Array(runs.count).fill(Infinity);
    runs.labels.forEach((component, run) => {
      for (let i = runs.starts[run]!; i < runs.ends[run]!; i++) {
        nearest[component - 1] = Math.min(nearest[component - 1]!, distances(i));
      }
    });
    runs.labels.forEach((component, run) => {
      const start = runs.starts[run]!;
      const distance = nearest[component - 1]!;
      const isPrimary = label === reference && primary.data[start] === reference;
      if (isPrimary || !(distance <= within && distance > beyond)) return;
      data.fill(to, start, runs.ends[run]);
    });
    return { ...labels, data };
  },
};

/** The distance in mm to the primary, of voxels with a label by their place in the label map. */
function distancesToPrimary(
  labels: Volume<Uint8Array>,
  primary: Volume<Uint8Array>,
  reference: number,
): ((at: number) => number) | undefined {
  const box = boxOf(labels.size, labels.data);
  if (box === undefined || !primary.data.includes(reference)) return undefined;
  const { start, size } = box;
  const mask = new Uint8Array(voxelCount(box));
  eachVoxel(box, labels.size, (at, i) => {
    mask[i] = primary.data[at] === reference ? 1 : 0;
  });
  const squares = squaredDistances(mask, size, labels.spacing);
  return (at) => {
    const [x, y, z] = voxelIndex(labels.size, at);
    return Math.sqrt(squares[x - start[0] + size[0] * (y - start[1] + size[1] * (z - start[2]))]!);
  };
}
