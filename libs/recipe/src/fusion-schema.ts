import { Type, type Static } from 'typebox';
import { closed, taggedUnion } from './common-schema.ts';

/** The classes that an answer may be. */
export const among = (which: string) =>
  Type.Optional(
    Type.Array(Type.String(), {
      minItems: 1,
      uniqueItems: true,
      description: `The classes that the answer may be, where the classes ${which} are more than the task has.`,
    }),
  );

const QuantileScale = Type.Object(
  {
    by: Type.Literal('quantiles', { description: 'Selects this scale.' }),
    table: Type.Array(Type.Number(), {
      minItems: 1,
      maxItems: 100_000,
      description: 'What training gave (out of fold, say), in rising order.',
    }),
    side: Type.Optional(
      Type.Enum(['left', 'right'], {
        default: 'left',
        description:
          'Whether values equal to the number count as below it (`right`) or not (`left`), as in ' +
          "NumPy's `searchsorted`.",
      }),
    ),
  },
  { ...closed, description: 'The share of the table that lies below the number, 0 to 1.' },
);

const ZScoreScale = Type.Object(
  {
    by: Type.Literal('z-score', { description: 'Selects this scale.' }),
    mean: Type.Number({ description: 'Subtracted. The minimum, for a scale from 0 to 1.' }),
    scale: Type.Number({
      exclusiveMinimum: 0,
      description: 'Divided by: the standard deviation in training; the range, for 0 to 1.',
    }),
  },
  { ...closed, description: 'A number: (value - mean) / scale.' },
);

/** How numbers of stages become comparable. */
export type FusionScale = Static<typeof QuantileScale> | Static<typeof ZScoreScale>;

/** What the head `fusion` takes of one stage. */
const FusionInputSchema = Type.Object(
  {
    of: Type.String({
      minLength: 1,
      description:
        'Name of an earlier stage: its number, its probability of `true`, or the probabilities of ' +
        'its classes.',
    }),
    scale: Type.Optional(
      taggedUnion<FusionScale>(
        'by',
        [QuantileScale, ZScoreScale],
        'What is done with the number first, so that stages of different units can be averaged.',
      ),
    ),
    weight: Type.Optional(
      Type.Number({ default: 1, description: 'Weight in the mean; weights need not sum to 1.' }),
    ),
  },
  { ...closed, description: 'What is fused.' },
);

/** What the head `fusion` takes of one stage. */
export type FusionInput = Static<typeof FusionInputSchema>;

/** The head `fusion`. */
export const FusionHead = Type.Object(
  {
    kind: Type.Literal('fusion', { description: 'Selects this head.' }),
    inputs: Type.Array(FusionInputSchema, {
      minItems: 1,
      maxItems: 64,
      description: 'The stages: all of numbers and probabilities, or all of the same classes.',
    }),
    weighting: Type.Optional(
      Type.Enum(['plain', 'softmax'], {
        default: 'plain',
        description:
          'How weights become shares: divided by their sum, or by softmax, for scores of any sign.',
      }),
    ),
    threshold: Type.Optional(
      Type.Number({
        description: 'For an answer `true` or `false`: the least mean that is `true`.',
      }),
    ),
    among: among('of the stages'),
  },
  {
    ...closed,
    description:
      'The weighted mean of what earlier stages answered; of classes, of their probabilities. The ' +
      'stage has neither `features` nor `models`.',
  },
);
