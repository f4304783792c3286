import { Type, type Static } from 'typebox';

const closed = { additionalProperties: false } as const;
const perFeature = (description: string) =>
  Type.Array(Type.Number(), { maxItems: 65536, description });

const EstimatorSchema = Type.Object(
  {
    usedFeatures: Type.Array(Type.Integer({ minimum: 0, maximum: 65535 }), {
      maxItems: 65536,
      uniqueItems: true,
      description: 'Indices of the features that are used; none: the prediction is always 1.',
    }),
    weights: perFeature('The sign of each used feature, +1 or -1.'),
    mean: perFeature('Mean of each used feature in training, a float32 value.'),
    std: perFeature('Standard deviation of each used feature in training, a float32 value.'),
    meanPrediction: Type.Number({ description: 'Mean of the predictions in training.' }),
    stdPrediction: Type.Number({ description: 'Standard deviation of them.' }),
  },
  { ...closed, description: 'One ICARE estimator.' },
);

const BagSchema = Type.Object(
  {
    aggregation: Type.Enum(['mean', 'median'], {
      description: "How the estimators' predictions become one.",
    }),
    features: Type.Integer({
      minimum: 1,
      maximum: 65536,
      description: 'Features that a network has to give.',
    }),
    estimators: Type.Array(EstimatorSchema, { minItems: 1, maxItems: 10000 }),
  },
  { ...closed, description: 'A bag of ICARE estimators.' },
);

/** The file `survival.json`: one bag of ICARE estimators for each network of a recipe. */
export const SURVIVAL_SCHEMA = Type.Object(
  {
    version: Type.Literal(1, { description: 'Version of the format.' }),
    kind: Type.Literal('icare'),
    folds: Type.Array(
      Type.Object(
        {
          fold: Type.Integer({ minimum: 0, description: 'Number of the fold, for the log.' }),
          bag: BagSchema,
        },
        closed,
      ),
      { minItems: 1, maxItems: 64, description: "In the order of the recipe's models." },
    ),
  },
  { ...closed, description: 'Bags of ICARE estimators, one per fold.' },
);

/** One ICARE estimator: parallel lists over its used features. */
export type IcareEstimator = Static<typeof EstimatorSchema>;
/** A bag of estimators. */
export type IcareBag = Static<typeof BagSchema>;
/** What `survival.json` holds. */
export type SurvivalModel = Static<typeof SURVIVAL_SCHEMA>;
