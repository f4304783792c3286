export { argmax, paintRegions, softmaxInPlace } from './classes.ts';
export { applyRules, imagesOfRule, RULES, type PostprocessingRule } from './rules/index.ts';
export type { RuleImages } from './rules/rule.ts';
export { keepLargestComponent } from './rules/keep-largest-component.ts';
export { mapClasses } from './rules/map-classes.ts';
export { removeSmallComponents } from './rules/remove-small-components.ts';
