export {
  loggedProbabilities,
  loggedProbability,
  masksIn,
  openAnswers,
  type Answer,
  type Answers,
} from './answers.ts';
export { clinicalRecord } from './clinical-record.ts';
export type { CohortCase } from './find-case.ts';
export {
  caseFolder,
  readCase,
  readPredictions,
  type CaseFile,
  type PredictedCase,
  type Predictions,
  type RunFile,
  type UsageFile,
} from './predictions.ts';
export { readCohort, readPatients, type Cohort } from './read-cohort.ts';
export { requireTruth } from './require-truth.ts';
export {
  digitsOf,
  formatCases,
  readCases,
  readSummary,
  type CaseScore,
  type ClassScore,
  type NamedClassScore,
  type Score,
  type Summary,
  type SurvivalScore,
} from './scores.ts';
export { isMissing } from './table.ts';
export { lookAt, readTasks, type CohortTask } from './tasks.ts';
