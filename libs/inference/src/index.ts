export { combineMembers, type CombineOptions, type Member } from './combine-members.ts';
export type { FlipAxes } from './flip.ts';
export { importanceMap, type BlendOptions } from './importance-map.ts';
export type { SlidingWindowOptions } from './sliding-window-options.ts';
export { slidingWindowInference } from './sliding-window.ts';
export type { Predictor, Triple } from './predictor.ts';
export { windowStarts } from './window-positions.ts';
export { withFlips } from './with-flips.ts';
