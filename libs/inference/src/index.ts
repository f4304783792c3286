export { combineMembers, type CombineOptions, type Member } from './combine-members.ts';
export type { FlipAxes } from './flip.ts';
export { halfRounding, type Arithmetic } from './half.ts';
export { importanceMap, type BlendOptions } from './window-layout.ts';
export type { SlidingWindowOptions } from './sliding-window.ts';
export { slidingWindowInference } from './sliding-window.ts';
export type { Predictor, Triple } from './predictor.ts';
export { windowStarts } from './window-layout.ts';
export { withFlips } from './flip.ts';
