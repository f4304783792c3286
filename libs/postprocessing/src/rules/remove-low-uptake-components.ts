import { HecktorError } from '@hecktor/errors';
import { suvPeak, valuesInTarget } from '@hecktor/features/uptake';
import { voxelIndex, type ComponentRuns, type Volume } from '@hecktor/volume';
import { Type } from 'typebox';
import { connectivity, filterComponents, label, ruleSchema, type Rule } from './rule.ts';

const limit = (description: string) =>
  Type.Optional(Type.Number({ minimum: 0, default: 0, description }));

const schema = ruleSchema(
  'remove-low-uptake-components',
  'Removes the connected components of a label that take up too little of the tracer, or of which ' +
    'the PET shows nothing. Needs a PET in SUV.',
  {
    label,
    image: Type.Optional(
      Type.String({ minLength: 1, default: 'pet', description: 'Name of the PET.' }),
    ),
    minSUVpeak: limit(
      'Components below this SUVpeak become background: the highest mean of a sphere of 1 mL around ' +
        'one of their voxels.',
    ),
    minSUVmax: limit('Components below this SUVmax become background.'),
    connectivity,
  },
);

export const removeLowUptakeComponentsRule: Rule<typeof schema> = {
  schema,
  images: ({ image = 'pet' }) => [image],
  apply(
    labels,
    { label, image = 'pet', minSUVpeak = 0, minSUVmax = 0, connectivity = 26 },
    images,
  ) {
    const pet = images[image];
    if (pet === undefined) {
      throw new HecktorError('INPUT_IMAGE_MISSING', {
        detail: `the rule "remove-low-uptake-components" looks at "${image}", which the case does not have`,
      });
    }
    return filterComponents(labels, { label, connectivity }, (component, all) => {
      const voxels = { mask: labels, indices: indicesOf(all, component, labels) };
      const values = valuesInTarget(voxels, pet, image);
      const highest = values.reduce((most, v) => (v > most ? v : most), -Infinity);
      if (!(highest >= minSUVmax)) return false;
      return minSUVpeak === 0 || (suvPeak(voxels, pet) ?? -Infinity) >= minSUVpeak;
    });
  },
};

/** The index x, y, z of each voxel of a component, one after another. */
function indicesOf(
  { starts, ends, labels, voxels }: ComponentRuns,
  component: number,
  { size }: Pick<Volume, 'size'>,
): Int32Array {
  const indices = new Int32Array(3 * voxels[component - 1]!);
  let to = 0;
  labels.forEach((label, run) => {
    if (label !== component) return;
    for (let i = starts[run]!; i < ends[run]!; i++, to += 3) indices.set(voxelIndex(size, i), to);
  });
  return indices;
}
