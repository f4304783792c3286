export { holdFolder } from './hold-folder.ts';
export { inputFiles, layOutInput, type InputFile } from './input-files.ts';
export { PREDICT_OPTIONS, readRunOptions } from './options.ts';
export { predictCase, type CaseOutcome, type Job } from './predict-case.ts';
export { predictCohort, writeRun, type PredictOptions } from './predict-cohort.ts';
export { launch, type Launch, type Program } from './program.ts';
export { createProgress, duration, type Progress } from './progress.ts';
export { caseDigest, identifyRun, type RunIdentity } from './run-identity.ts';
export { lastWords } from './run-program.ts';
