import { Type, type Static } from 'typebox';

const closed = { additionalProperties: false } as const;

const of = Type.String({
  minLength: 1,
  maxLength: 200,
  description: 'Field of the clinical record ("Age"), or a computed value ("mask.GTVp.volume").',
});

const NUMBER_SCHEMA = Type.Object(
  {
    encode: Type.Literal('number'),
    of,
    missing: Type.Union([Type.Number(), Type.Null()], {
      description:
        'What stands for a missing value, e.g. the median of training; `null`: it stays missing (NaN), ' +
        'for models of features alone that know missing values, such as boosted trees.',
    }),
    mean: Type.Number({ description: 'Subtracted.' }),
    scale: Type.Number({
      exclusiveMinimum: 0,
      description: 'Divided by: the standard deviation in training.',
    }),
    range: Type.Optional(
      Type.Array(Type.Number(), {
        minItems: 2,
        maxItems: 2,
        description: 'Lowest and highest value in training. A value outside gives a warning.',
      }),
    ),
    outOfRange: Type.Optional(
      Type.Enum(['keep', 'missing'], {
        default: 'keep',
        description: 'A value outside `range` is used as it is, or taken as missing.',
      }),
    ),
  },
  { ...closed, description: 'A number: (value - mean) / scale, in float64 and then float32.' },
);

const ONE_HOT_SCHEMA = Type.Object(
  {
    encode: Type.Literal('one-hot'),
    of,
    categories: Type.Array(Type.String({ maxLength: 200 }), {
      minItems: 1,
      maxItems: 1000,
      uniqueItems: true,
      description: 'Texts in the order of their columns.',
    }),
    missing: Type.String({
      description:
        'The text that stands for a missing value. One that is not among the categories gives 0 in ' +
        'all columns, and a warning.',
    }),
    numbers: Type.Optional(
      Type.Enum(['as-written', 'normalised'], {
        default: 'as-written',
        description:
          '`as-written`: a number is the text that Python shows for it, so that 1 and 1.0 are two ' +
          'categories, as in the challenge\'s own containers. `normalised`: 1, 1.0, "1" and "1.0" ' +
          'are one.',
      }),
    ),
  },
  {
    ...closed,
    description: 'One column per category: 1 in that of the value, 0 in all others.',
  },
);

const MISSING_FLAG_SCHEMA = Type.Object(
  { encode: Type.Literal('missing-flag'), of },
  {
    ...closed,
    description: '1 when the value is missing, else 0. A network can see from it what was imputed.',
  },
);

/** The schema of each kind of entry of a recipe's `features`, by its `encode`. */
export const ENCODER_SCHEMAS = {
  number: NUMBER_SCHEMA,
  'one-hot': ONE_HOT_SCHEMA,
  'missing-flag': MISSING_FLAG_SCHEMA,
} as const;

export type NumberEncoder = Static<typeof NUMBER_SCHEMA>;
export type OneHotEncoder = Static<typeof ONE_HOT_SCHEMA>;

export type Encoder = NumberEncoder | OneHotEncoder | Static<typeof MISSING_FLAG_SCHEMA>;
