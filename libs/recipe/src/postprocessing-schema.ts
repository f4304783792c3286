import { Type, type Static } from 'typebox';

const closed = { additionalProperties: false } as const;
const label = Type.Integer({ minimum: 1, maximum: 255, description: 'The label it looks at.' });
const connectivity = Type.Optional(
  Type.Enum([6, 18, 26], {
    default: 26,
    description: 'Neighbours of a voxel: by faces, by edges too, by corners too.',
  }),
);

const RemoveSmallComponents = Type.Object(
  {
    step: Type.Literal('remove-small-components'),
    label,
    minVolume: Type.Number({
      minimum: 0,
      description: 'Components below this volume become background, mm³.',
    }),
    connectivity,
  },
  { ...closed, description: 'Removes the connected components of a label that are too small.' },
);

const KeepLargestComponent = Type.Object(
  { step: Type.Literal('keep-largest-component'), label, connectivity },
  { ...closed, description: 'Keeps only the largest connected component of a label.' },
);

const MapClasses = Type.Object(
  {
    step: Type.Literal('map-classes'),
    to: Type.Array(Type.Integer({ minimum: 0, maximum: 255 }), {
      minItems: 1,
      maxItems: 256,
      description: 'New label of each class, by its index; later steps see the new labels.',
    }),
  },
  { ...closed, description: 'Replaces class i by the i-th label.' },
);

/** The steps that may follow the argmax over the classes. */
export const POSTPROCESSING_SCHEMAS = [
  RemoveSmallComponents,
  KeepLargestComponent,
  MapClasses,
] as const;

/** A postprocessing step of a recipe. */
export type PostprocessingStep =
  | Static<typeof RemoveSmallComponents>
  | Static<typeof KeepLargestComponent>
  | Static<typeof MapClasses>;
