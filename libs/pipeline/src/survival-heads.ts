import { loadCox, loadTrees, type HeadOf } from '@hecktor/recipe';
import type { Log } from '@hecktor/runtime';
import { predictCox, predictTrees } from '@hecktor/survival';
import type { Head } from './head.ts';
import { combineFolds } from './risk-heads.ts';

/** The head `cox`: the features through each Cox model. */
export const COX: Head = {
  kind: 'cox',
  load: loadCox,
  apply: ({ features = [] }, { stage: { head }, cox = [] }, log) => {
    const risks = cox.map(({ model }) => predictCox(model, features));
    return combine(risks, head as HeadOf<'cox'>, log);
  },
};

/** The head `survival-trees`: the features through each ensemble of trees. */
export const SURVIVAL_TREES: Head = {
  kind: 'survival-trees',
  load: loadTrees,
  apply: ({ features = [] }, { stage: { head }, trees = [] }, log) => {
    const risks = trees.map(({ model }) => predictTrees(model, features));
    return combine(risks, head as HeadOf<'survival-trees'>, log);
  },
};

/** The risk of all folds, higher = earlier. */
function combine(
  risks: readonly number[],
  { higherIs, combine = 'median' }: HeadOf<'cox' | 'survival-trees'>,
  log: Log,
): number {
  const turned = higherIs === 'later' ? risks.map((risk) => -risk) : risks;
  const weights = risks.map(() => 1);
  return combineFolds(turned, weights, combine, log);
}
