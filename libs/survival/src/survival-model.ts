import { Type, type Static } from 'typebox';
import { modelInvalid, readSchema } from './read-schema.ts';

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
const SURVIVAL_SCHEMA = Type.Object(
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
export type IcareBag = Static<typeof BagSchema>;
export type SurvivalModel = Static<typeof SURVIVAL_SCHEMA>;

/**
 * Reads a survival model and checks that its lists fit one another.
 *
 * @param text - Content of `survival.json`.
 * @param options.file - Its path, for messages.
 * @throws HecktorError SURVIVAL_MODEL_INVALID naming the entry that is wrong.
 */
export function parseSurvivalModel(text: string, { file }: { file: string }): SurvivalModel {
  const model = readSchema(text, SURVIVAL_SCHEMA, file);
  model.folds.forEach(({ bag }, i) => {
    bag.estimators.forEach((estimator, j) => {
      const fault = faultOf(estimator, bag.features);
      if (fault !== undefined)
        throw modelInvalid(file, `/folds/${i}/bag/estimators/${j}: ${fault}`);
    });
  });
  return model;
}

function faultOf(estimator: IcareEstimator, features: number): string | undefined {
  const { usedFeatures, stdPrediction } = estimator;
  for (const name of ['weights', 'mean', 'std'] as const) {
    const { length } = estimator[name];
    if (length !== usedFeatures.length) {
      return `expected ${usedFeatures.length} values of ${name}, one per used feature, got ${length}`;
    }
  }
  const beyond = usedFeatures.find((feature) => feature >= features);
  if (beyond !== undefined) return `feature ${beyond} is used, but there are ${features}`;
  const odd = estimator.weights.find((weight) => Math.abs(weight) !== 1);
  if (odd !== undefined) return `expected weights of 1 or -1, got ${odd}`;
  if (!estimator.std.every((value) => Math.fround(value) > 0)) {
    return 'a standard deviation of a feature is not above 0';
  }
  if (usedFeatures.length > 0 && !(stdPrediction > 0)) {
    return 'the standard deviation of the predictions is not above 0';
  }
  return undefined;
}
