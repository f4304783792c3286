import { atRisk, eventTimes, type Outcome } from './kaplan-meier.ts';

/**
 * The log-rank test that two groups have the same survival, as lifelines' `logrank_test` has it:
 * chi-squared with one degree of freedom. NaN where no event tells the groups apart.
 */
export function logRank(
  a: readonly Outcome[],
  b: readonly Outcome[],
): { readonly statistic: number; readonly p: number } {
  let [excess, variance] = [0, 0];
  for (const [time, events] of eventTimes([...a, ...b])) {
    const n = atRisk(a, time) + atRisk(b, time);
    const share = atRisk(a, time) / n;
    const observed = a.filter((one) => one.event && one.time === time).length;
    excess += observed - events * share;
    if (n > 1) variance += (events * share * (1 - share) * (n - events)) / (n - 1);
  }
  const statistic = excess ** 2 / variance;
  return { statistic, p: erfc(Math.sqrt(statistic / 2)) };
}

/**
 * The complementary error function of x >= 0: the series of Abramowitz and Stegun 7.1.6 for small x,
 * the continued fraction 7.1.14 for large ones.
 */
function erfc(x: number): number {
  const scale = Math.exp(-x * x) / Math.sqrt(Math.PI);
  if (x < 2) {
    let term = 2 * x;
    let sum = term;
    for (let n = 1; term > sum * 1e-17; n++) sum += term *= (2 * x * x) / (2 * n + 1);
    return 1 - scale * sum;
  }
  let fraction = 0;
  for (let n = 60; n > 0; n--) fraction = n / 2 / (x + fraction);
  return scale / (x + fraction);
}
