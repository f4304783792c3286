/**
 * The largest eigenvalues, descending, of a symmetric n x n matrix, whose rows are overwritten:
 * Householder's reduction to a tridiagonal matrix, then bisection by Sturm sequences (Golub and Van
 * Loan, Matrix Computations, 8.3.1 and 8.4.1). Right to some 1e-15 of the largest.
 */
export function symmetricEigenvalues(a: Float64Array, n: number, count: number): number[] {
  const { diagonal, squares } = tridiagonal(a, n);
  let [low, high] = [Infinity, -Infinity];
  for (let i = 0; i < n; i++) {
    const beside = Math.sqrt(squares[i] ?? 0) + Math.sqrt(squares[i + 1] ?? 0);
    low = Math.min(low, diagonal[i]! - beside);
    high = Math.max(high, diagonal[i]! + beside);
  }
  return Array.from({ length: Math.min(count, n) }, (_, rank) => {
    let [from, to] = [low, high];
    for (;;) {
      const middle = from + (to - from) / 2;
      if (middle <= from || middle >= to) return middle;
      if (countBelow(diagonal, squares, middle) < n - rank) from = middle;
      else to = middle;
    }
  });
}

/** Diagonal, and the squares of what stands beside it; `squares[i]` is between i - 1 and i. */
function tridiagonal(a: Float64Array, n: number) {
  const squares = new Float64Array(n);
  const v = new Float64Array(n);
  const w = new Float64Array(n);
  for (let k = 0; k < n - 1; k++) {
    // The column below the diagonal is reflected onto its first element.
    let norm = 0;
    for (let i = k + 1; i < n; i++) norm += (v[i] = a[i * n + k]!) ** 2;
    squares[k + 1] = norm;
    if (norm === v[k + 1]! ** 2) continue;
    v[k + 1]! += v[k + 1]! < 0 ? -Math.sqrt(norm) : Math.sqrt(norm);
    let length = 0;
    for (let i = k + 1; i < n; i++) length += v[i]! ** 2;
    let along = 0;
    for (let i = k + 1; i < n; i++) {
      let sum = 0;
      for (let j = k + 1; j < n; j++) sum += a[i * n + j]! * v[j]!;
      w[i] = (2 * sum) / length;
      along += (w[i]! * v[i]!) / length;
    }
    for (let i = k + 1; i < n; i++) w[i]! -= along * v[i]!;
    for (let i = k + 1; i < n; i++) {
      for (let j = k + 1; j < n; j++) a[i * n + j]! -= v[i]! * w[j]! + w[i]! * v[j]!;
    }
  }
  return { diagonal: Float64Array.from({ length: n }, (_, i) => a[i * n + i]!), squares };
}

/** How many eigenvalues of a tridiagonal matrix are less than `x`. */
function countBelow(diagonal: Float64Array, squares: Float64Array, x: number): number {
  let [count, ratio] = [0, 1];
  for (let i = 0; i < diagonal.length; i++) {
    ratio = diagonal[i]! - x - squares[i]! / ratio;
    if (ratio === 0) ratio = Number.MIN_VALUE;
    if (ratio < 0) count++;
  }
  return count;
}
