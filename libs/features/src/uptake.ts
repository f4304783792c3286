export { valuesInTarget } from './interpolate.ts';
export { lesionsOf, type Lesion } from './lesions.ts';
export { suvPeak } from './suv-peak.ts';
