import type { Volume } from '@hecktor/volume';
import type { Static } from 'typebox';
import { keepLargestComponentRule } from './keep-largest-component.ts';
import { mapClassesRule } from './map-classes.ts';
import { removeSmallComponentsRule } from './remove-small-components.ts';
import type { Rule } from './rule.ts';

/** What each entry of a recipe's `postprocessing` does, by the name in its key `step`. */
export const RULES = {
  'remove-small-components': removeSmallComponentsRule,
  'keep-largest-component': keepLargestComponentRule,
  'map-classes': mapClassesRule,
} as const;

/** An entry of a recipe's `postprocessing`. */
export type PostprocessingRule = Static<(typeof RULES)[keyof typeof RULES]['schema']>;

/** Applies a recipe's rules to a label map, in order. */
export function applyRules(
  labels: Volume<Uint8Array>,
  rules: readonly PostprocessingRule[],
): Volume<Uint8Array> {
  return rules.reduce((map, config) => {
    // The name has chosen the rule whose schema the entry was checked with.
    const rule = RULES[config.step] as Rule<(typeof RULES)[keyof typeof RULES]['schema']>;
    return rule.apply(map, config);
  }, labels);
}
