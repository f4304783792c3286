import type { PredictionApp } from './check-prediction.ts';

/** What each app takes of what a prediction recipe may say. */
export const PREDICTION_APPS = {
  task2: { name: 'task2', heads: ['icare', 'risk'], inputs: ['ct-planning', 'rt-dose'] },
  task3: { name: 'task3', heads: ['class'], inputs: [] },
} as const satisfies Record<string, PredictionApp>;
