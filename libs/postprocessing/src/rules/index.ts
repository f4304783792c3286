import type { Volume } from '@hecktor/volume';
import type { Static } from 'typebox';
import { keepLargestComponentRule } from './keep-largest-component.ts';
import { mapClassesRule } from './map-classes.ts';
import { mergeNearbyComponentsRule } from './merge-nearby-components.ts';
import { relabelByDistanceRule } from './relabel-by-distance.ts';
import { removeLowUptakeComponentsRule } from './remove-low-uptake-components.ts';
import { removeSmallComponentsRule } from './remove-small-components.ts';
import type { Rule, RuleImages } from './rule.ts';

/** What each entry of a recipe's `postprocessing` does, by the name in its key `step`. */
export const RULES = {
  'remove-small-components': removeSmallComponentsRule,
  'keep-largest-component': keepLargestComponentRule,
  'map-classes': mapClassesRule,
  'remove-low-uptake-components': removeLowUptakeComponentsRule,
  'merge-nearby-components': mergeNearbyComponentsRule,
  'relabel-by-distance': relabelByDistanceRule,
} as const;

/** An entry of a recipe's `postprocessing`. */
export type PostprocessingRule = Static<(typeof RULES)[keyof typeof RULES]['schema']>;

type AnyRule = Rule<(typeof RULES)[keyof typeof RULES]['schema']>;

/** The rule of an entry: its name has chosen the schema that the entry was checked with. */
function ruleOf({ step }: PostprocessingRule): AnyRule {
  return RULES[step] as AnyRule;
}

/** Names of the images that a rule looks at. */
export function imagesOfRule(rule: PostprocessingRule): readonly string[] {
  return ruleOf(rule).images?.(rule) ?? [];
}

/**
 * Applies a recipe's rules to a label map, in order.
 *
 * @param images - Those that the rules look at ({@link imagesOfRule}).
 * @throws HecktorError INPUT_IMAGE_MISSING when one is not there; IMAGE_NOT_FINITE.
 */
export function applyRules(
  labels: Volume<Uint8Array>,
  rules: readonly PostprocessingRule[],
  images: RuleImages = {},
): Volume<Uint8Array> {
  return rules.reduce((map, rule) => ruleOf(rule).apply(map, rule, images), labels);
}
