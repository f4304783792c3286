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
  const state = bidiagonalise([0, 1, 2].map((j) => [0, 3, 6].map((row) => f(matrix[row + j]!))));
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
  return { values: state.s, left: [0, 1, 2].flatMap((row) => state.u.map((u) => u[row]!)) };
}

/** Diagonal `s`, superdiagonal `e` (its last element stays 0) and the left vectors so far. */
interface Bidiagonal {
  readonly s: number[];
  readonly e: number[];
  readonly u: number[][];
}

/** @param x Columns of the matrix, which are used up. */
function bidiagonalise(x: number[][]): Bidiagonal {
  const [first, second, third] = x as [number[], number[], number[]];
  const s = [reflector(first, 0), 0, 0];
  reflect(second, first, 0);
  reflect(third, first, 0);
  // The first row is reflected too; the second has one element right of its diagonal already.
  const row = [0, second[0]!, third[0]!];
  const e = [reflector(row, 1), 0, 0];
  if (e[0] !== 0) {
    const sums = [0, 0, 0];
    for (const j of [1, 2]) addScaled(sums, row[j]!, x[j]!, 1);
    for (const j of [1, 2]) addScaled(x[j]!, f(-row[j]! / row[1]!), sums, 1);
  }
  s[1] = reflector(second, 1);
  reflect(third, second, 1);
  [s[2], e[1]] = [third[2]!, third[1]!];
  const u = [first, [0, ...second.slice(1)], [0, 0, 1]];
  for (const l of [1, 0]) accumulate(u, l, s[l] === 0);
  return { s, e, u };
}

/**
 * Turns a vector, from an index on, into the reflector that takes it onto that axis.
 *
 * @returns The length that it then has there.
 */
function reflector(v: number[], from: number): number {
  const size = norm(v.slice(from));
  if (size === 0) return 0;
  const length = v[from]! < 0 ? -size : size;
  for (let i = from; i < 3; i++) v[i] = f(v[i]! * f(1 / length));
  v[from] = f(1 + v[from]!);
  return -length;
}

/** Applies a reflector, unless it is the identity. */
function reflect(v: number[], by: readonly number[], from: number): void {
  if (by[from] !== 0) addScaled(v, f(-dot(by, v, from) / by[from]!), by, from);
}

/** Multiplies out the reflector kept in column `l` of `u`. */
function accumulate(u: number[][], l: number, isIdentity: boolean): void {
  const own = u[l]!;
  if (!isIdentity) {
    for (const v of u.slice(l + 1)) reflect(v, own, l);
    for (let i = l; i < 3; i++) own[i] = -own[i]!;
    own[l] = f(1 + own[l]!);
  }
  own.fill(0, 0, l);
  if (isIdentity) own.fill(0).fill(1, l, l + 1);
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
  const corners = [s[end]!, s[end - 1]!, e[end - 1]!, s[start]!, e[start]!];
  const scale = Math.max(...corners.map(Math.abs));
  const [sm, smm1, emm1, sl, el] = corners.map((value) => f(value / scale)) as [
    number, number, number, number, number,
  ]; // prettier-ignore
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
    [p, e[k]] = rotated(turn, s[k]!, e[k]!);
    [g, s[k + 1]] = rotated(turn, 0, s[k + 1]!);
    turn = givens(p, g);
    s[k] = turn.r;
    [p, s[k + 1]] = rotated(turn, e[k]!, s[k + 1]!);
    [g, e[k + 1]] = rotated(turn, 0, e[k + 1]!);
    const [left, right] = [u[k]!, u[k + 1]!];
    for (let i = 0; i < 3; i++) [left[i], right[i]] = rotated(turn, left[i]!, right[i]!);
  }
  e[end - 1] = p;
}

/** Makes a converged value positive and moves it down to its place. */
function order({ s, u }: Bidiagonal, at: number): void {
  s[at] = Math.abs(s[at]!);
  for (let l = at; l < 2 && s[l]! < s[l + 1]!; l++) {
    [s[l], s[l + 1]] = [s[l + 1]!, s[l]!];
    [u[l], u[l + 1]] = [u[l + 1]!, u[l]!];
  }
}

interface Rotation {
  readonly c: number;
  readonly s: number;
  /** What is left of the vector that the rotation was made for, along the first axis. */
  readonly r: number;
}

/** The rotation that takes (a, b) to (r, 0). */
function givens(a: number, b: number): Rotation {
  const scale = f(Math.abs(a) + Math.abs(b));
  if (scale === 0) return { c: 1, s: 0, r: 0 };
  const [x, y] = [f(a / scale), f(b / scale)];
  const length = f(scale * Math.sqrt(f(f(x * x) + f(y * y))));
  const r = (Math.abs(a) > Math.abs(b) ? a : b) < 0 ? -length : length;
  return { c: f(a / r), s: f(b / r), r };
}

function rotated({ c, s }: Rotation, a: number, b: number): [number, number] {
  return [f(f(c * a) + f(s * b)), f(f(c * b) - f(s * a))];
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

/** Scalar product of two vectors from an index on. */
function dot(a: readonly number[], b: readonly number[], from: number): number {
  let sum = 0;
  for (let i = from; i < 3; i++) sum = f(sum + f(a[i]! * b[i]!));
  return sum;
}

/** Adds a multiple of one vector to another, from an index on. */
function addScaled(to: number[], factor: number, v: readonly number[], from: number): void {
  for (let i = from; i < 3; i++) to[i] = f(to[i]! + f(factor * v[i]!));
}
