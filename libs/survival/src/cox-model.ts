import { Type, type Static } from 'typebox';
import { assertFeatureCount, assertNoneMissing, finiteRisk } from './check-features.ts';
import { modelInvalid, readSchema } from './read-schema.ts';

const closed = { additionalProperties: false } as const;

const TermSchema = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 200, description: 'Name of the feature.' }),
    coefficient: Type.Number({ description: 'Logarithm of the hazard ratio for one unit.' }),
    mean: Type.Optional(Type.Number({ default: 0, description: 'Subtracted from the feature.' })),
    scale: Type.Optional(
      Type.Number({ exclusiveMinimum: 0, default: 1, description: 'Divides the difference.' }),
    ),
  },
  { ...closed, description: 'One feature.' },
);

/** The file of the head `cox`. */
const COX_SCHEMA = Type.Object(
  {
    version: Type.Literal(1, { description: 'Version of the format.' }),
    kind: Type.Literal('cox'),
    features: Type.Array(TermSchema, {
      minItems: 1,
      maxItems: 65536,
      description: "In the order of the recipe's feature vector.",
    }),
    offset: Type.Optional(
      Type.Number({ default: 0, description: 'Added to the sum over the features.' }),
    ),
    output: Type.Optional(
      Type.Enum(['log-hazard', 'hazard'], {
        default: 'log-hazard',
        description:
          'The sum itself, or e to the power of it (lifelines: `predict_partial_hazard`).',
      }),
    ),
  },
  { ...closed, description: 'A Cox model as plain numbers.' },
);

/** A Cox proportional hazards model, penalised or not. */
export type CoxModel = Static<typeof COX_SCHEMA>;

/**
 * Reads a Cox model.
 *
 * @param text - Content of the file.
 * @param options.file - Its path, for messages.
 * @throws HecktorError SURVIVAL_MODEL_INVALID naming the entry that is wrong.
 */
export function parseCoxModel(text: string, { file }: { file: string }): CoxModel {
  const model = readSchema(text, COX_SCHEMA, file);
  const names = model.features.map(({ name }) => name);
  const again = names.find((name, i) => names.indexOf(name) < i);
  if (again === undefined) return model;
  throw modelInvalid(file, `the feature '${again}' is there twice`);
}

/**
 * The risk that a Cox model gives: the sum of coefficient * (feature - mean) / scale, plus the
 * offset (Cox, "Regression models and life-tables", 1972); float64.
 *
 * @param features - One number per feature of the model, in its order.
 * @returns Higher = earlier event.
 * @throws HecktorError MODEL_MISMATCH for another number of features; MODEL_OUTPUT_INVALID when the
 * risk is no finite number, as with a missing value (NaN).
 */
export function predictCox(model: CoxModel, features: ArrayLike<number>): number {
  const { features: terms, offset = 0, output = 'log-hazard' } = model;
  assertFeatureCount('Cox model', terms.length, features);
  assertNoneMissing(
    'Cox model',
    terms.map(({ name }) => name),
    features,
  );
  const sum = terms.reduce(
    (total, { coefficient, mean = 0, scale = 1 }, i) =>
      total + coefficient * ((features[i]! - mean) / scale),
    offset,
  );
  return finiteRisk('Cox model', output === 'hazard' ? Math.exp(sum) : sum);
}
