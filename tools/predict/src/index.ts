export { assertApart } from './assert-apart.ts';
export { PREDICT_OPTIONS, readRunOptions } from './options.ts';
export { predictCohort, type PredictOptions } from './predict-cohort.ts';
export { createProgress } from './progress.ts';
export { containerCommand } from './slurm/container.ts';
export { unpackImage } from './slurm/image.ts';
