import { Type, type Static } from 'typebox';
import { AxisSchema, closed, commonFields, engineFields, stepList } from './common-schema.ts';
import { FallbackMaskSchema, OnFailureSchema } from './failure-schema.ts';
import { IntakeSchema } from './intake-schema.ts';
import { RULES, type PostprocessingRule } from '@hecktor/postprocessing';

const size = (description: string) =>
  Type.Tuple(
    [0, 1, 2].map(() => Type.Integer({ minimum: 1, maximum: 1024 })) as [
      ReturnType<typeof Type.Integer>,
      ReturnType<typeof Type.Integer>,
      ReturnType<typeof Type.Integer>,
    ],
    { description },
  );

/** One network of an ensemble. */
const ModelSchema = Type.Object(
  {
    file: Type.String({
      minLength: 1,
      description: 'ONNX file, relative to this recipe. It may not leave its folder.',
    }),
    input: Type.String({ minLength: 1, description: 'Name of the input (1, C, a, b, c).' }),
    output: Type.String({ minLength: 1, description: 'Name of the output with the logits.' }),
    weight: Type.Optional(
      Type.Number({
        minimum: 0,
        default: 1,
        description: 'Weight of this network in the mean; weights need not sum to 1.',
      }),
    ),
  },
  { ...closed, description: 'One network; several are run one after another and averaged.' },
);

/** How the windows slide over the tensor and their logits are combined. */
const InferenceSchema = Type.Object(
  {
    roi: size('Window size in voxels, in the order of the tensor axes.'),
    overlap: Type.Number({
      minimum: 0,
      maximum: 0.95,
      description: 'Share of a window that its neighbour covers too.',
    }),
    tiling: Type.Optional(
      Type.Enum(['monai', 'nnunet'], {
        default: 'monai',
        description:
          'Where windows start: `monai` takes equal steps and shifts the last window back, `nnunet` ' +
          'spreads as few windows as the overlap allows evenly.',
      }),
    ),
    blend: Type.Enum(['gaussian', 'constant', 'nnunet'], {
      description:
        'Weight of the voxels of a window: more in its centre, or the same everywhere. `nnunet` is ' +
        "nnU-Net's Gaussian, rounded to float16.",
    }),
    sigmaScale: Type.Optional(
      Type.Number({
        minimum: 0.001,
        default: 0.125,
        description: 'Standard deviation of the Gaussian weight as a share of the window.',
      }),
    ),
    windowsPerBatch: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 64,
        default: 1,
        description: 'Windows that the network gets at once. On CPUs more only costs memory.',
      }),
    ),
    flips: Type.Optional(
      Type.Array(Type.Array(AxisSchema, { minItems: 1, maxItems: 3, uniqueItems: true }), {
        maxItems: 7,
        uniqueItems: true,
        default: [],
        description:
          'Test-time mirror images besides the plain one, each a set of axes, e.g. `[["x"]]`. ' +
          'Each adds a full run.',
      }),
    ),
    combine: Type.Optional(
      Type.Enum(['mean-logits', 'mean-probabilities'], {
        default: 'mean-logits',
        description: 'What is averaged over the networks of an ensemble.',
      }),
    ),
    arithmetic: Type.Optional(
      Type.Enum(['float32', 'float16'], {
        default: 'float32',
        description:
          'How sums over windows and networks are rounded. `float16` is what nnU-Net does, for ' +
          'parity with it; `float32` is more exact and as fast.',
      }),
    ),
    prefer: Type.Optional(
      Type.Enum(['networks', 'mirrors'], {
        default: 'networks',
        description:
          'What comes first where the time does not suffice for all (HECKTOR_PLAN): `networks`, every ' +
          'network once before the first mirror image; `mirrors`, all mirror images of a network ' +
          'before the next one.',
      }),
    ),
    skipOutside: Type.Optional(
      Type.Object(
        {
          channel: Type.String({
            minLength: 1,
            description: 'An image of `tensor.channels`, such as `ct`.',
          }),
          above: Type.Number({
            description: "Voxels above it are body, in the tensor's units.",
          }),
        },
        {
          ...closed,
          description:
            'Windows without a voxel of the body do not run. What no other window covers is ' +
            'background. Without it every window runs.',
        },
      ),
    ),
    ...engineFields,
  },
  { ...closed, description: 'How windows slide over the tensor and their logits are combined.' },
);

/** How logits are interpolated where they go back instead of labels. */
const LogitsSchema = Type.Object(
  {
    order: Type.Optional(
      Type.Enum([0, 1], { default: 1, description: '0 is the nearest neighbour, 1 is linear.' }),
    ),
    orderZ: Type.Optional(
      Type.Enum([0, 1], {
        default: 0,
        description: 'The same across slices, where z is separate.',
      }),
    ),
    separateZ: Type.Optional(
      Type.Union([Type.Literal('auto'), Type.Boolean()], {
        default: 'auto',
        description:
          'Whether slices are interpolated each by itself, and then across them; as in ' +
          '`resample-to-spacing`.',
      }),
    ),
  },
  {
    ...closed,
    description:
      'The logits go back over the last `resample-to-spacing`, as nnU-Net has it, and classes are ' +
      'picked there. Without it the label map goes back, by nearest neighbour.',
  },
);

/** How the label map goes back onto the grid of the CT. */
const InvertSchema = Type.Object(
  {
    mode: Type.Enum(['exact', 'template-2025'], {
      description:
        '`exact` undoes every recorded step. `template-2025` repeats the faults of the ' +
        "challenge's own container: surplus slices are cut half from the front and the " +
        'foreground crop is not undone.',
    }),
    logits: Type.Optional(LogitsSchema),
  },
  { ...closed, description: 'How the label map goes back onto the grid of the CT.' },
);

/** A segmentation whose label map the networks see. */
const CascadeSchema = Type.Object(
  {
    recipe: Type.String({
      minLength: 1,
      pattern: '\\.json$',
      description:
        'A recipe of the kind `segmentation`, relative to this one. Its models are relative to its ' +
        'own folder.',
    }),
    image: Type.String({
      minLength: 1,
      description: 'Name of its label map among the images, on the grid of the CT: `"lowres"`.',
    }),
  },
  { ...closed, description: 'A segmentation that runs first; its label map becomes an image.' },
);

/** A recipe of Task 1. */
export const SegmentationRecipeSchema = Type.Object(
  {
    ...commonFields,
    kind: Type.Literal('segmentation', { description: 'What the recipe is for.' }),
    cascade: Type.Optional(CascadeSchema),
    models: Type.Array(ModelSchema, {
      minItems: 1,
      maxItems: 64,
      description: 'The networks; several are an ensemble.',
    }),
    inference: InferenceSchema,
    regions: Type.Optional(
      Type.Array(Type.Integer({ minimum: 1, maximum: 255 }), {
        minItems: 1,
        maxItems: 255,
        description:
          'For networks trained on regions: one label for each output. Where the sigmoid of an ' +
          'output is above 0.5 its label is painted, later ones over earlier ones. Without it each ' +
          'voxel gets the class of the largest logit.',
      }),
    ),
    postprocessing: stepList<PostprocessingRule>(
      Object.values(RULES).map(({ schema }) => schema),
      'What is done with the label map, in this order, before it goes back onto the CT; from the first ' +
        'rule on that looks at an image, after it.',
    ),
    invert: InvertSchema,
    intake: Type.Optional(IntakeSchema),
    onFailure: OnFailureSchema,
    fallback: Type.Optional(FallbackMaskSchema),
  },
  { ...closed, description: 'CT and PET to a label map.' },
);

/** A recipe of Task 1. */
export type SegmentationRecipe = Static<typeof SegmentationRecipeSchema>;
