/**
 * The rank of each value, 1 for the best; equal values share the mean of their ranks. NaN comes last.
 *
 * @param isBetter What makes a value better.
 */
export function ranks(values: readonly number[], isBetter: 'higher' | 'lower'): number[] {
  const worst = isBetter === 'higher' ? -Infinity : Infinity;
  const keys = values.map((value) => (Number.isNaN(value) ? worst : value));
  return keys.map((key) => {
    const better = keys.filter((other) => (isBetter === 'higher' ? other > key : other < key));
    const equal = keys.filter((other) => other === key);
    return better.length + (equal.length + 1) / 2;
  });
}

/**
 * The Borda count of several rankings of the same runs: the ranks of the sums of their ranks, 1 for
 * the smallest sum, which is the largest number of runs beaten.
 */
export function bordaRanks(rankings: readonly (readonly number[])[]): number[] {
  const [first = []] = rankings;
  return ranks(
    first.map((_, run) => rankings.reduce((sum, ranking) => sum + ranking[run]!, 0)),
    'lower',
  );
}
