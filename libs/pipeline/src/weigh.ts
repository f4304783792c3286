/** Each value as a share of their sum. */
export function sharesOf(values: readonly number[]): number[] {
  const sum = values.reduce((total, value) => total + value, 0);
  return values.map((value) => value / sum);
}

/** The highest is subtracted first, so that no power is infinite. */
export function softmax(logits: readonly number[]): number[] {
  const highest = Math.max(...logits);
  return sharesOf(logits.map((logit) => Math.exp(logit - highest)));
}

/** The mean by weights that sum to 1. */
export function weightedMean(values: readonly number[], shares: readonly number[]): number {
  return values.reduce((sum, value, i) => sum + value * shares[i]!, 0);
}
