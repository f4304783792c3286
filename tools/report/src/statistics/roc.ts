/** A point of the ROC curve: patients with at least this probability are called positive. */
export interface RocPoint {
  /** Infinity: nobody is called positive. */
  readonly threshold: number;
  readonly sensitivity: number;
  readonly specificity: number;
}

/** The ROC curve from (0, 0) to (1, 1), a point for each probability that occurs. */
export function rocCurve(truth: readonly boolean[], probabilities: readonly number[]): RocPoint[] {
  const share = (isPositive: boolean, called: (probability: number) => boolean): number => {
    const ofClass = probabilities.filter((_, i) => truth[i] === isPositive);
    return ofClass.filter(called).length / ofClass.length;
  };
  const thresholds = [...new Set(probabilities)].sort((a, b) => b - a);
  return [Infinity, ...thresholds].map((threshold) => ({
    threshold,
    sensitivity: share(true, (probability) => probability >= threshold),
    specificity: share(false, (probability) => probability < threshold),
  }));
}

/** The point with the highest balanced accuracy (Youden's index), the highest threshold of equals. */
export function bestPoint(curve: readonly RocPoint[]): RocPoint {
  return curve.reduce((best, point) => {
    return point.sensitivity + point.specificity > best.sensitivity + best.specificity
      ? point
      : best;
  });
}
