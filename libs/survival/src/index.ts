export { combineRisks, type CombineMethod, type CombineOptions } from './combine-risks.ts';
export { parseCoxModel, predictCox, type CoxModel } from './cox-model.ts';
export { contributions, predictBag, type Contribution } from './icare.ts';
export { parseSurvivalModel } from './survival-model.ts';
export type { IcareBag, IcareEstimator, SurvivalModel } from './survival-model.ts';
export { parseTreeEnsemble, predictTrees, type TreeEnsemble } from './tree-ensemble.ts';
