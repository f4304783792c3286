/** A 3x3 matrix, row-major. */
export type Matrix3 = readonly number[];

/** Singular values, largest first, and left singular vectors as columns, row-major. */
interface FloatSvd {
  readonly values: readonly number[];
  readonly left: Matrix3;
}

const f = Math.fround;
const MAX_SWEEPS = 1000;

/**
 * Singular values and left singular vectors of a 3x3 matrix in single precision, by Golub and
 * Reinsch's method as LINPACK's SSVDC carries it out: Householder bidiagonalisation, then implicitly
 * shifted QR sweeps. Singular vectors are unique only up to sign, and not even that where singular
 * values coincide; ITK's choice of NIfTI form depends on what this very sequence of steps gives.
 */
export function floatSvd3(matrix: Matrix3): FloatSvd {
  const state = bidiagonalise(matrix.map(f));
  let end = 2;
  for (let sweep = 0; end >= 0 && sweep < MAX_SWEEPS; sweep++) {
    const start = findBlock(state, end);
    if (start === end) {
      order(state, end);
      end--;
    } else {
      sweepBlock(state, start, end);
    }
  }
  return { values: state.s, left: state.u };
}

/** Diagonal `s`, superdiagonal `e` (its last element stays 0) and the left vectors so far. */
interface Bidiagonal {
  readonly s: number[];
  readonly e: number[];
  readonly u: number[];
}

function bidiagonalise(x: number[]): Bidiagonal {
  const s = [0, 0, 0];
  const e = [0, 0, 0];
  const u = [0, 0, 0, 0, 0, 0, 0, 0, 1];
  for (let l = 0; l < 2; l++) {
    s[l] = reflect(x, l);
    if (l === 0) {
      // The first row is reflected too; the second has one element right of its diagonal already.
      const row = [x[1]!, x[2]!];
      e[0] = reflectRow(x, row);
    }
    for (let i = l; i < 3; i++) u[3 * i + l] = x[3 * i + l]!;
  }
  s[2] = x[8]!;
  e[1] = x[5]!;
  accumulate(u, s);
  return { s, e, u };
}

/** Reflects column `l` onto the diagonal; returns the new diagonal element. */
function reflect(x: number[], l: number): number {
  const rows = Array.from({ length: 3 - l }, (_, i) => 3 * (l + i));
  let length = norm(rows.map((row) => x[row + l]!));
  if (length !== 0) {
    if (x[4 * l]! < 0) length = -length;
    for (const row of rows) x[row + l] = f(x[row + l]! * f(1 / length));
    x[4 * l] = f(1 + x[4 * l]!);
    for (let j = l + 1; j < 3; j++) {
      const t = f(-dot(rows, x, l, x, j) / x[4 * l]!);
      for (const row of rows) x[row + j] = f(x[row + j]! + f(t * x[row + l]!));
    }
  }
  return -length;
}

/** Reflects the first row's off-diagonal part onto its first element; returns that element. */
function reflectRow(x: number[], row: number[]): number {
  let length = norm(row);
  if (length !== 0) {
    if (row[0]! < 0) length = -length;
    const v0 = f(1 + f(row[0]! * f(1 / length)));
    const v1 = f(row[1]! * f(1 / length));
    for (const at of [3, 6]) {
      const sum = f(f(v0 * x[at + 1]!) + f(v1 * x[at + 2]!));
      x[at + 1] = f(x[at + 1]! + f(f(-v0 / v0) * sum));
      x[at + 2] = f(x[at + 2]! + f(f(-v1 / v0) * sum));
    }
  }
  return -length;
}

/** Multiplies out the column reflections kept in `u`. */
function accumulate(u: number[], s: readonly number[]): void {
  for (let l = 1; l >= 0; l--) {
    if (s[l] === 0) {
      for (let i = 0; i < 3; i++) u[3 * i + l] = i === l ? 1 : 0;
      continue;
    }
    const rows = Array.from({ length: 3 - l }, (_, i) => 3 * (l + i));
    for (let j = l + 1; j < 3; j++) {
      const t = f(-dot(rows, u, l, u, j) / u[4 * l]!);
      for (const row of rows) u[row + j] = f(u[row + j]! + f(t * u[row + l]!));
    }
    for (const row of rows) u[row + l] = -u[row + l]!;
    u[4 * l] = f(1 + u[4 * l]!);
    for (let i = 0; i < l; i++) u[3 * i + l] = 0;
  }
}

/** First index of the unreduced block that ends at `end`; negligible elements become zero. */
function findBlock({ s, e }: Bidiagonal, end: number): number {
  for (let l = end - 1; l >= 0; l--) {
    const test = f(Math.abs(s[l]!) + Math.abs(s[l + 1]!));
    if (f(test + Math.abs(e[l]!)) === test) {
      e[l] = 0;
      return l + 1;
    }
  }
  return 0;
}

/** One implicitly shifted QR sweep over the block `start..end`. */
function sweepBlock({ s, e, u }: Bidiagonal, start: number, end: number): void {
  const scale = Math.max(
    ...[s[end]!, s[end - 1]!, e[end - 1]!, s[start]!, e[start]!].map(Math.abs),
  );
  const sm = f(s[end]! / scale);
  const smm1 = f(s[end - 1]! / scale);
  const emm1 = f(e[end - 1]! / scale);
  const sl = f(s[start]! / scale);
  const el = f(e[start]! / scale);
  const b = f(f(f(f(smm1 + sm) * f(smm1 - sm)) + f(emm1 * emm1)) / 2);
  const c = f(f(sm * emm1) ** 2);
  let shift = 0;
  if (b !== 0 || c !== 0) {
    const root = f(Math.sqrt(f(f(b * b) + c)));
    shift = f(c / f(b + (b < 0 ? -root : root)));
  }
  let p = f(f(f(sl + sm) * f(sl - sm)) + shift);
  let g = f(sl * el);
  for (let k = start; k < end; k++) {
    let turn = givens(p, g);
    if (k !== start) e[k - 1] = turn.r;
    p = f(f(turn.c * s[k]!) + f(turn.s * e[k]!));
    e[k] = f(f(turn.c * e[k]!) - f(turn.s * s[k]!));
    g = f(turn.s * s[k + 1]!);
    s[k + 1] = f(turn.c * s[k + 1]!);
    turn = givens(p, g);
    s[k] = turn.r;
    p = f(f(turn.c * e[k]!) + f(turn.s * s[k + 1]!));
    s[k + 1] = f(f(-turn.s * e[k]!) + f(turn.c * s[k + 1]!));
    g = f(turn.s * e[k + 1]!);
    e[k + 1] = f(turn.c * e[k + 1]!);
    for (const row of [0, 3, 6]) {
      const [left, right] = [u[row + k]!, u[row + k + 1]!];
      u[row + k] = f(f(turn.c * left) + f(turn.s * right));
      u[row + k + 1] = f(f(turn.c * right) - f(turn.s * left));
    }
  }
  e[end - 1] = p;
}

/** Makes a converged value positive and moves it down to its place. */
function order({ s, u }: Bidiagonal, at: number): void {
  s[at] = Math.abs(s[at]!);
  for (let l = at; l < 2 && s[l]! < s[l + 1]!; l++) {
    [s[l], s[l + 1]] = [s[l + 1]!, s[l]!];
    for (const row of [0, 3, 6]) {
      [u[row + l], u[row + l + 1]] = [u[row + l + 1]!, u[row + l]!];
    }
  }
}

/** The rotation that takes (a, b) to (r, 0). */
function givens(a: number, b: number): { c: number; s: number; r: number } {
  const scale = f(Math.abs(a) + Math.abs(b));
  if (scale === 0) return { c: 1, s: 0, r: 0 };
  const [x, y] = [f(a / scale), f(b / scale)];
  const length = f(scale * Math.sqrt(f(f(x * x) + f(y * y))));
  const r = (Math.abs(a) > Math.abs(b) ? a : b) < 0 ? -length : length;
  return { c: f(a / r), s: f(b / r), r };
}

function norm(values: readonly number[]): number {
  let scale = 0;
  let sum = 1;
  for (const value of values.map(Math.abs)) {
    if (value === 0) continue;
    if (scale < value) {
      sum = f(1 + f(sum * f(f(scale / value) ** 2)));
      scale = value;
    } else {
      sum = f(sum + f(f(value / scale) ** 2));
    }
  }
  return f(scale * Math.sqrt(sum));
}

/** Scalar product of column `i` of `a` and column `j` of `b` over the given rows. */
function dot(rows: readonly number[], a: number[], i: number, b: number[], j: number): number {
  return rows.reduce((sum, row) => f(sum + f(a[row + i]! * b[row + j]!)), 0);
}
