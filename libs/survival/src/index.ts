export { combineRisks, type CombineMethod, type CombineOptions } from './combine-risks.ts';
export { COX_SCHEMA, parseCoxModel, predictCox, type CoxModel } from './cox-model.ts';
export { contributions, predictBag, predictIcare, type Contribution } from './icare.ts';
export { parseSurvivalModel, SURVIVAL_SCHEMA } from './survival-model.ts';
export type { IcareBag, IcareEstimator, SurvivalModel } from './survival-model.ts';
export { parseTreeEnsemble, predictTrees, type TreeEnsemble } from './tree-ensemble.ts';
