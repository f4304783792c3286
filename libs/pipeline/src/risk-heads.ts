import { HecktorError } from '@hecktor/errors';
import { loadSurvival, type HeadOf, type LoadedSurvival } from '@hecktor/recipe';
import type { Log } from '@hecktor/runtime';
import { combineRisks, contributions, predictBag } from '@hecktor/survival';
import type { Head, Members } from './head.ts';

/** The head `icare`. */
export const ICARE: Head = {
  kind: 'icare',
  load: loadSurvival,
  apply: (members, { stage: { head }, survival }, log) =>
    applyIcareHead(members, head as HeadOf<'icare'>, survival!, log),
};

/** The head `risk`. */
export const RISK: Head = {
  kind: 'risk',
  apply: (members, { stage: { head } }, log) => applyRiskHead(members, head as HeadOf<'risk'>, log),
};

/** Features of a network that are named in the log. */
const TOP = 5;

/**
 * The head `icare`: the features of each network to a risk by its fold's bag of estimators.
 *
 * @throws HecktorError MODEL_OUTPUT_INVALID, or as predicting with a bag does.
 */
function applyIcareHead(
  { outputs, weights }: Members,
  { combine = 'median' }: HeadOf<'icare'>,
  { model }: LoadedSurvival,
  log: Log,
): number {
  const risks = outputs.map((features, i) => {
    const { fold, bag } = model.folds[i]!;
    const top = contributions(bag, features)
      .toSorted((a, b) => Math.abs(b.contribution) - Math.abs(a.contribution))
      .slice(0, TOP);
    log.info('top contributions', { fold, features: top });
    return predictBag(bag, features);
  });
  return combineFolds(risks, weights, combine, log);
}

/**
 * The head `risk`: one number of the output of each network, its sign turned where higher is later.
 *
 * @throws HecktorError MODEL_MISMATCH for an output without that number; MODEL_OUTPUT_INVALID
 */
export function applyRiskHead(
  { outputs, weights }: Members,
  { higherIs, column = 0, combine = 'median' }: HeadOf<'risk'>,
  log: Log,
): number {
  const sign = higherIs === 'later' ? -1 : 1;
  const risks = outputs.map((output) => {
    if (column < output.length) return sign * output[column]!;
    throw new HecktorError('MODEL_MISMATCH', {
      detail: `head.column is ${column}, but the output has ${output.length} numbers`,
      fix: 'name the column of the risk in the recipe, from 0',
    });
  });
  return combineFolds(risks, weights, combine, log);
}

/**
 * Combines the risks of the folds and logs them.
 *
 * @throws HecktorError MODEL_OUTPUT_INVALID for a risk that is no finite number.
 */
export function combineFolds(
  risks: readonly number[],
  weights: readonly number[],
  method: 'median' | 'mean' | 'weighted-mean' | 'best',
  log: Log,
): number {
  const value = combineRisks(risks, { method, weights });
  if (![...risks, value].every((risk) => Number.isFinite(risk))) {
    throw new HecktorError('MODEL_OUTPUT_INVALID', { detail: 'a risk is not a finite number' });
  }
  log.info('prediction', { value, folds: risks, combine: method });
  return value;
}
