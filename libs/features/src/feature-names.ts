import { TARGET_NAMES } from './targets.ts';

const OF_MASK = [
  ...['volume', 'count', 'spread', 'majorAxis', 'elongation', 'flatness'],
  ...['SUVmax', 'SUVmean', 'SUVpeak', 'MTV', 'TLG', 'MTV41%', 'MTV2.5', 'MTV4'],
];

/** All names that maskFeatures may return. */
export const MASK_FEATURE_NAMES: readonly string[] = [
  ...TARGET_NAMES.flatMap((target) => OF_MASK.map((name) => `mask.${target}.${name}`)),
  'mask.distance.farthest',
  'mask.distance.nearest',
];

/** All names that doseFeatures may return, but for `dose.<target>.V<Gy>`. */
export const DOSE_FEATURE_NAMES: readonly string[] = TARGET_NAMES.flatMap((target) =>
  ['mean', 'max', 'D95'].map((name) => `dose.${target}.${name}`),
);
