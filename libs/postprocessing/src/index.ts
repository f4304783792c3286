export { argmax, paintRegions, softmaxInPlace } from './classes.ts';
export { applyRules, imagesOfRule, RULES, type PostprocessingRule } from './rules/index.ts';
export type { RuleImages } from './rules/rule.ts';
