import type { EmptyConvention, Hausdorff95Convention } from '@hecktor/metrics';

/** What the field does not agree on. No official code of the challenge says which are its own. */
export interface Conventions {
  /** What an empty mask for an empty truth counts in the mean DSC. */
  readonly whenBothEmpty: EmptyConvention;
  /** What DSCagg and F1agg are of a set in which a label is nowhere: 1 or NaN. */
  readonly whenAllEmpty: number;
  readonly connectivity: 6 | 18 | 26;
  /** Intersection over union above which a lesion is detected. */
  readonly minIoU: number;
  readonly hd95: Hausdorff95Convention;
  /**
   * A patient without a prediction that can be compared counts as the worst that is no prediction (an
   * empty mask, a risk tied with all others, the wrong class), is left out, or is an error.
   */
  readonly missing: 'count' | 'skip' | 'refuse';
  /** Of the bootstrap over patients. */
  readonly resamples: number;
}

const MISSING = {
  dice: 'counts as an empty mask',
  'concordance-index': 'its pairs count 1/2',
  'balanced-accuracy': 'counts as the wrong class',
} as const;

/** The conventions that touch a metric, in words. */
export function describeConventions(
  metric: keyof typeof MISSING,
  conventions: Conventions,
  primary = '',
): Record<string, string> {
  const { whenBothEmpty, whenAllEmpty, connectivity, minIoU, hd95, missing } = conventions;
  const of = {
    dice: {
      [`empty ${primary}, empty prediction`]:
        whenBothEmpty === 'skip' ? 'left out of the mean DSC' : `counts ${whenBothEmpty}`,
      'label nowhere in the set': `DSCagg and F1agg are ${whenAllEmpty}`,
      lesions: `${connectivity}-connected; detected above IoU ${minIoU}, one to one by falling IoU`,
      HD95:
        (hd95 === 'directed'
          ? 'larger 95th percentile of both directions'
          : '95th percentile of both directions together') +
        '; mean over patients with the label in both masks',
    },
    'concordance-index': { 'C-index': "Harrell's, ties in risk count 1/2" },
    'balanced-accuracy': {},
  }[metric];
  const absent = { count: MISSING[metric], skip: 'left out', refuse: 'refused' }[missing];
  return {
    ...of,
    'missing prediction': absent,
    interval: `95 %, percentile, ${conventions.resamples} seeded resamples of patients`,
  };
}
