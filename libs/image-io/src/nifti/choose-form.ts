import { floatSvd3, type Matrix3 } from './float-svd.ts';

/** Rows of a 3x4 matrix, one after the other, that takes voxel indices to RAS mm. */
export type Affine = readonly number[];

/** `sform_code` of scanner coordinates. */
const SCANNER = 1;
const TOLERANCE = 1e-4;

/**
 * ITK 5.4's choice between the two forms of a NIfTI header, when the sform is there: the sform is
 * taken if its axes are orthogonal and it is the only form, or in scanner coordinates, or "very
 * similar" to the qform; else the qform.
 *
 * "Very similar" compares offsets, singular values and left singular vectors. That takes a form
 * with flipped axes for the same one: a fault of ITK's, kept because the geometry must agree.
 */
export function choosesSform(sform: Affine, code: number, qform: Affine | undefined): boolean {
  if (!hasOrthogonalAxes(sform)) return qform !== undefined && nearlyEqual(sform, qform);
  return qform === undefined || code === SCANNER || areVerySimilar(sform, qform);
}

/** Invertible, and the normalised matrix times its transpose is the identity. */
function hasOrthogonalAxes(affine: Affine): boolean {
  const rows = rotationOf(affine).map(Math.fround);
  if (!rows.every(Number.isFinite) || !affine.every(Number.isFinite)) return false;
  const unit = [...rows];
  for (let axis = 0; axis < 3; axis++) {
    const length = Math.hypot(rows[axis]!, rows[axis + 3]!, rows[axis + 6]!);
    if (length === 0) return false;
    for (const at of [axis, axis + 3, axis + 6]) unit[at] = rows[at]! / length;
  }
  return isIdentity(timesTransposed(unit, unit));
}

/** Equal to rounding: ITK then takes the sform whatever its axes. */
function nearlyEqual(a: Affine, b: Affine): boolean {
  const shift = [3, 7, 11].reduce((sum, at) => sum + Math.abs(a[at]! - b[at]!), 0);
  const [ra, rb] = [rotationOf(a), rotationOf(b)];
  return shift <= 1e-7 && ra.every((value, i) => Math.abs(value - rb[i]!) <= 1e-5);
}

function areVerySimilar(sform: Affine, qform: Affine): boolean {
  if (!qform.every(Number.isFinite)) return false;
  if ([3, 7, 11].some((at) => Math.abs(sform[at]! - qform[at]!) > TOLERANCE)) return false;
  const s = floatSvd3(rotationOf(sform));
  const q = floatSvd3(rotationOf(qform));
  if (s.values.some((value, i) => Math.abs(value - q.values[i]!) > TOLERANCE)) return false;
  return isIdentity(timesTransposed(s.left, q.left));
}

function rotationOf(a: Affine): Matrix3 {
  return [a[0]!, a[1]!, a[2]!, a[4]!, a[5]!, a[6]!, a[8]!, a[9]!, a[10]!];
}

/** `a * bᵀ`; for an orthogonal `b` that is `a * b⁻¹`. */
function timesTransposed(a: Matrix3, b: Matrix3): Matrix3 {
  return Array.from({ length: 9 }, (_, i) => {
    const [row, column] = [3 * Math.trunc(i / 3), 3 * (i % 3)];
    return a[row]! * b[column]! + a[row + 1]! * b[column + 1]! + a[row + 2]! * b[column + 2]!;
  });
}

function isIdentity(m: Matrix3): boolean {
  return m.every((value, i) => Math.abs(value - (i % 4 === 0 ? 1 : 0)) <= TOLERANCE);
}
