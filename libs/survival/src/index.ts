export { combineRisks, type CombineMethod, type CombineOptions } from './combine-risks.ts';
export { contributions, type Contribution } from './icare.ts';
export { parseSurvivalModel } from './survival-model.ts';
export { predictBag } from './icare.ts';
export { predictIcare } from './icare.ts';
export { SURVIVAL_SCHEMA } from './survival-model.ts';
export type { IcareBag, IcareEstimator, SurvivalModel } from './survival-model.ts';
