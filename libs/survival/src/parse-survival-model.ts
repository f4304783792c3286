import { HecktorError } from '@hecktor/errors';
import { Value } from 'typebox/value';
import { SURVIVAL_SCHEMA, type IcareEstimator, type SurvivalModel } from './survival-schema.ts';

/**
 * Reads a survival model and checks that its lists fit one another.
 *
 * @param text - Content of `survival.json`.
 * @param options.file - Its path, for messages.
 * @throws HecktorError SURVIVAL_MODEL_INVALID naming the entry that is wrong.
 */
export function parseSurvivalModel(text: string, { file }: { file: string }): SurvivalModel {
  const model = parse(text, file);
  if (!Value.Check(SURVIVAL_SCHEMA, model)) {
    const [first] = Value.Errors(SURVIVAL_SCHEMA, model);
    const where = first === undefined || first.instancePath === '' ? 'it' : first.instancePath;
    const unknown = first?.keyword === 'boolean';
    throw invalid(file, `${where} ${unknown ? 'is unknown' : (first?.message ?? 'does not fit')}`);
  }
  model.folds.forEach(({ bag }, i) => {
    bag.estimators.forEach((estimator, j) => {
      const fault = faultOf(estimator, bag.features);
      if (fault !== undefined) throw invalid(file, `/folds/${i}/bag/estimators/${j}: ${fault}`);
    });
  });
  return model;
}

function parse(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (origin) {
    throw invalid(file, 'it is not JSON', origin);
  }
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

function invalid(file: string, detail: string, origin?: unknown): HecktorError {
  return new HecktorError('SURVIVAL_MODEL_INVALID', {
    file,
    detail,
    ...(origin !== undefined && { origin }),
  });
}
