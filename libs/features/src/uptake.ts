export { valuesInTarget } from './interpolate.ts';
export { suvPeak } from './suv-peak.ts';
