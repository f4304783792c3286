export { buildImage, type BuildImageOptions } from './build/build-image.ts';
export { openEngine, type Engine, type EngineName } from './engine/open-engine.ts';
export { imageFacts, type ImageFacts } from './engine/image-facts.ts';
export { saveImage, type SavedArchive, type SaveImageOptions } from './save/save-image.ts';
export { defaultTag, taskAt, type Task } from './task.ts';
export { LAYOUTS, type Layout, type LayoutName } from './test-run/layouts.ts';
export { runArgs, type RunArgs } from './test-run/run-args.ts';
export { testRun, type TestRunOptions, type TestRunReport } from './test-run/test-run.ts';
