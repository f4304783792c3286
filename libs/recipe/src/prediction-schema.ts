import { ENCODER_SCHEMAS, type Encoder } from '@hecktor/clinical';
import { Type, type Static } from 'typebox';
import { commonFields } from './common-fields.ts';
import { taggedUnion } from './tagged-union.ts';
import { HEAD_SCHEMAS, type Head } from './head-schema.ts';
import { InputsSchema } from './inputs-schema.ts';
import { PredictionModelSchema } from './prediction-model-schema.ts';

/** A recipe of Tasks 2 and 3. */
export const PredictionRecipeSchema = Type.Object(
  {
    ...commonFields,
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
          additionalProperties: false,
          description:
            'A segmentation that runs first. It gives the features `mask.*` and the regions of ' +
            '`dose.*`.',
        },
      ),
    ),
    features: Type.Optional(
      Type.Array(taggedUnion<Encoder>('encode', Object.values(ENCODER_SCHEMAS)), {
        maxItems: 256,
        default: [],
        description:
          'The vector of clinical and computed values, in this order. `of` names a field of the ' +
          'clinical record, or a computed value: `mask.*`, `dose.*`.',
      }),
    ),
    models: Type.Array(PredictionModelSchema, {
      minItems: 1,
      maxItems: 64,
      description: 'The networks; several are an ensemble.',
    }),
    head: taggedUnion<Head>(
      'kind',
      Object.values(HEAD_SCHEMAS),
      'How the outputs of the networks become the answer. `icare` and `risk` are for Task 2, ' +
        '`class` is for Task 3.',
    ),
  },
  {
    additionalProperties: false,
    description: 'CT, PET, the clinical record and optional further images to a risk or a class.',
  },
);

/** A recipe of Tasks 2 and 3. */
export type PredictionRecipe = Static<typeof PredictionRecipeSchema>;
