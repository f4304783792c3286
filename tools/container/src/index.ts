export { appAt, defaultTag, type App } from './app.ts';
export { buildImage, type BuildImageOptions } from './build/build-image.ts';
export { imageFacts, type ImageFacts } from './engine/image-facts.ts';
export { openEngine, type Engine, type EngineName } from './engine/open-engine.ts';
export { saveImage, type SavedArchive, type SaveImageOptions } from './save/save-image.ts';
export { saveSubmission, type Submission, type SubmissionOptions } from './save/save-submission.ts';
export { recogniseSymptom, type RecognisedSymptom } from './symptoms/recognise-symptom.ts';
export type { RunObservation } from './symptoms/symptoms.ts';
export { findCases, type Case } from './test-run/cases.ts';
export { limitsOf, type Limits } from './test-run/limits.ts';
export { loadProfile, parseProfile, PROFILES, type Profile } from './test-run/profile.ts';
export type { CaseReport, TestRunReport } from './test-run/report/report.ts';
export { summary, toText } from './test-run/report/to-text.ts';
export type { Finding, RuleId, Verdict } from './test-run/rules/rules.ts';
export {
  LAYOUTS,
  runArgs,
  type Layout,
  type LayoutName,
  type RunArgs,
} from './test-run/run-args.ts';
export { testRun, type TestRunOptions } from './test-run/test-run.ts';
