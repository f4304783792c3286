import type { Log } from '@hecktor/runtime';
import { contributions, predictBag } from '@hecktor/survival';
import type { LoadedSurvival } from '@hecktor/recipe';
import type { HeadOf } from '@hecktor/recipe';
import { combineFolds } from './decide-risk.ts';
import type { Members } from './decide.ts';

/** Features of a network that are named in the log. */
const TOP = 5;

/**
 * The head `icare`: the features of each network to a risk by its fold's bag of estimators.
 *
 * @throws HecktorError MODEL_OUTPUT_INVALID, or as predicting with a bag does.
 */
export function decideIcare(
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
