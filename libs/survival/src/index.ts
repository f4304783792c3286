export { combineRisks, type CombineMethod, type CombineOptions } from './combine-risks.ts';
export { contributions, type Contribution } from './contributions.ts';
export { parseSurvivalModel } from './parse-survival-model.ts';
export { predictBag } from './predict-bag.ts';
export { predictIcare } from './predict-icare.ts';
export { SURVIVAL_SCHEMA } from './survival-schema.ts';
export type { IcareBag, IcareEstimator, SurvivalModel } from './survival-schema.ts';
