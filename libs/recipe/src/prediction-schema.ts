import { ENCODER_SCHEMAS, type Encoder } from '@hecktor/clinical';
import { Type, type Static } from 'typebox';
import { RADIOMICS_SCHEMA, type RadiomicsEntry } from '@hecktor/features';
import { closed, commonFields, engineFields, taggedUnion, TensorSchema } from './common-schema.ts';
import { FallbackValueSchema, OnFailureSchema } from './failure-schema.ts';
import { HEAD_SCHEMAS, type Head } from './head-schema.ts';
import { IntakeSchema } from './intake-schema.ts';

const StandInSchema = Type.Object(
  {
    absent: Type.Union([Type.Number(), Type.Literal('error')], {
      description:
        'What stands in when a case has none: a constant image of this value, in HU or Gy, or ' +
        '`"error"`: the run ends.',
    }),
  },
  {
    ...closed,
    description:
      'What stands in for the image. One that is there but cannot be read always ends the run.',
  },
);

/**
 * Images beyond CT and PET. The schema takes any name: which ones a case may have, the task says.
 */
const InputsSchema = Type.Unsafe<Record<string, Static<typeof StandInSchema>>>({
  type: 'object',
  additionalProperties: StandInSchema,
  propertyNames: { examples: ['ct-planning', 'rt-dose'] },
  default: {},
  description:
    "Optional images by the name of the task's input, such as `ct-planning` and `rt-dose` (Task " +
    '2). Steps and `tensor.channels` may name them like `ct` and `pet`. They are put onto the grid ' +
    'of the others by world coordinates, without registration.',
});

/** Extractions of PyRadiomics by the names that features use. */
const RadiomicsSchema = Type.Unsafe<Record<string, RadiomicsEntry>>({
  type: 'object',
  additionalProperties: RADIOMICS_SCHEMA,
  propertyNames: { pattern: '^[\\w-]+$' },
  description:
    'What PyRadiomics is to work out, by name, e.g. `pet`: its features are ' +
    '`radiomics.pet.GTVp.original_glcm_JointEnergy`.',
});

/** One network of a prediction recipe. */
const PredictionModelSchema = Type.Object(
  {
    file: Type.String({
      minLength: 1,
      description: 'ONNX file, relative to this recipe. It may not leave its folder.',
    }),
    inputs: Type.Object(
      {
        image: Type.Optional(
          Type.String({
            minLength: 1,
            description: 'Name of the input that takes the tensor (1, C, a, b, c).',
          }),
        ),
        features: Type.Optional(
          Type.String({
            minLength: 1,
            description: 'Name of the input that takes the vector of `features` (1, F).',
          }),
        ),
      },
      {
        ...closed,
        minProperties: 1,
        description: 'What the network gets under which name. One of the two may be left out.',
      },
    ),
    output: Type.String({
      minLength: 1,
      description:
        'Name of the output: (1, features of the survival model) for the head `icare`, (1, 1) for ' +
        '`risk`, (1, classes) for `class`.',
    }),
    weight: Type.Optional(
      Type.Number({
        minimum: 0,
        default: 1,
        description:
          'Weight of this network for the ways of combining that use one; weights need not sum to 1.',
      }),
    ),
  },
  {
    ...closed,
    description: 'One network, mostly that of one fold; several run one after another.',
  },
);

/** A network of a prediction recipe. */
export type PredictionModelEntry = Static<typeof PredictionModelSchema>;

/** What makes images the tensor of the networks that see them. */
const imageFields = {
  preprocessing: Type.Optional(commonFields.preprocessing),
  tensor: Type.Optional(TensorSchema),
};

/** What a stage is made of, and a recipe without stages. */
const stageFields = {
  features: Type.Optional(
    Type.Array(taggedUnion<Encoder>('encode', Object.values(ENCODER_SCHEMAS)), {
      maxItems: 4096,
      default: [],
      description:
        'The vector of clinical and computed values, in this order. `of` names a field of the ' +
        'clinical record, or a computed value: `mask.*`, `dose.*`, `radiomics.*`; in a later ' +
        'stage also the answer of an earlier one: `stage.<name>`, `stage.<name>.<class>`.',
    }),
  ),
  models: Type.Optional(
    Type.Array(PredictionModelSchema, {
      minItems: 1,
      maxItems: 64,
      description:
        'The networks; several are an ensemble. Without them the vector of `features` goes to the ' +
        'head itself.',
    }),
  ),
};

/** How the outputs of the networks become the answer. */
const head = taggedUnion<Head>(
  'kind',
  Object.values(HEAD_SCHEMAS),
  'How the outputs of the networks become the answer. `class` gives one of two or more classes, ' +
    'the others a risk; `fusion` either.',
);

const StageSchema = Type.Object(
  {
    name: Type.String({
      pattern: '^[A-Za-z0-9][A-Za-z0-9_-]*$',
      maxLength: 60,
      description: 'By which later stages, `outputs` and the log name its answer.',
    }),
    ...imageFields,
    ...stageFields,
    head,
  },
  {
    ...closed,
    description:
      'One step of a prediction, with an answer of its own. `preprocessing` and `tensor` are ' +
      "those of the recipe, unless it has others: a network's crop may differ.",
  },
);

/** A stage of a recipe as it is written. */
export type StageEntry = Static<typeof StageSchema>;

const StagesSchema = Type.Array(StageSchema, {
  minItems: 1,
  maxItems: 64,
  description:
    'Instead of `features`, `models` and `head`: several of them, one after another. Each ends ' +
    'in an answer that later ones may use.',
});

/** What each output of a task gets. */
const OutputsSchema = Type.Unsafe<Record<string, string>>({
  type: 'object',
  additionalProperties: Type.String({ minLength: 1 }),
  description:
    "By the name of the task's output the stage whose answer it gets, or `segmentation` for its " +
    'label map: `{ "rfs": "fused" }`. Default: a task\'s only output gets the last stage\'s answer.',
});

/** A recipe of Tasks 2 and 3. */
export const PredictionRecipeSchema = Type.Object(
  {
    ...commonFields,
    ...imageFields,
    kind: Type.Literal('prediction', { description: 'What the recipe is for.' }),
    inputs: Type.Optional(InputsSchema),
    segmentation: Type.Optional(
      Type.Object(
        {
          recipe: Type.String({
            minLength: 1,
            pattern: '\\.json$',
            description:
              'A recipe of the kind `segmentation`, relative to this one. Its models are relative ' +
              'to its own folder.',
          }),
        },
        {
          ...closed,
          description:
            'A segmentation that runs first. It gives the features `mask.*` and the regions of ' +
            '`dose.*` and `radiomics.*`, and the label map of an output.',
        },
      ),
    ),
    radiomics: Type.Optional(RadiomicsSchema),
    ...stageFields,
    inference: Type.Optional(
      Type.Object(engineFields, { ...closed, description: 'What runs the networks.' }),
    ),
    head: Type.Optional(head),
    stages: Type.Optional(StagesSchema),
    outputs: Type.Optional(OutputsSchema),
    intake: Type.Optional(IntakeSchema),
    onFailure: OnFailureSchema,
    fallback: Type.Optional(FallbackValueSchema),
  },
  {
    ...closed,
    description: 'CT, PET, the clinical record and optional images to a risk or a class.',
  },
);

/** A recipe of Tasks 2 and 3. */
export type PredictionRecipe = Static<typeof PredictionRecipeSchema>;
