import { Type, type Static } from 'typebox';

/** One network of a prediction recipe. */
export const PredictionModelSchema = Type.Object(
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
        additionalProperties: false,
        minProperties: 1,
        description: 'What the network gets under which name. One of the two may be left out.',
      },
    ),
    output: Type.String({
      minLength: 1,
      description:
        'Name of the output: (1, features of the survival model) for the head `icare`, (1, 1) for ' +
        '`risk`, (1, 2) logits for `class`.',
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
    additionalProperties: false,
    description: 'One network, mostly that of one fold; several run one after another.',
  },
);

/** A network of a prediction recipe. */
export type PredictionModelEntry = Static<typeof PredictionModelSchema>;
