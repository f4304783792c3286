import { HecktorError } from '@hecktor/errors';
import type { Log } from '@hecktor/runtime';
import { combineRisks } from '@hecktor/survival';
import type { HeadOf } from '@hecktor/recipe';
import type { Members } from './decide.ts';

/**
 * The head `risk`: the one output of each network, its sign turned where higher is later.
 *
 * @throws HecktorError MODEL_OUTPUT_INVALID
 */
export function decideRisk(
  { outputs, weights }: Members,
  { higherIs, combine = 'median' }: HeadOf<'risk'>,
  log: Log,
): number {
  const sign = higherIs === 'later' ? -1 : 1;
  const risks = outputs.map((output) => sign * output[0]!);
  return combineFolds(risks, weights, combine, log);
}

/**
 * Combines the risks of the folds and tells them.
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
