import { identityDirection, toVec3, type Grid, type Vec3 } from '@hecktor/volume';
import type { ImageErrors } from '../open-file.ts';
import { floatSvd3, type Matrix3 } from './float-svd.ts';
import type { NiftiHeader } from './nifti-header.ts';

/** Factor to millimetres of the `xyzt_units` codes metre and micrometre; all else is mm. */
const UNIT_FACTORS: Readonly<Record<number, number>> = { 1: 1e3, 3: 1e-3 };

/** Unit quaternions differ from length 1 by rounding; this much is a damaged header. */
const MAX_QUATERNION_LENGTH = 1.01;

/**
 * The grid of a NIfTI image in LPS, as ITK 5.4 derives it: spacing always from `pixdim`, directions
 * and origin from the sform or the qform (see {@link choosesSform}), RAS turned into LPS. With
 * neither form the direction is the identity and the origin zero. ITK takes 1 for a `pixdim`
 * that is not a number > 0; here that is an error.
 */
export function niftiGrid(header: NiftiHeader, size: Vec3, { badGeometry }: ImageErrors): Grid {
  const factor = UNIT_FACTORS[header.units & 7] ?? 1;
  const pixdim = toVec3(
    size.map((n, axis) => {
      const given = axis < header.dims[0]! ? header.pixdim[axis + 1]! : 1;
      return given === 0 && n === 1 ? 1 : given;
    }),
  );
  if (!pixdim.every((d) => Number.isFinite(d) && d > 0)) {
    throw badGeometry(`pixdim is [${pixdim.join(', ')}], expected three finite numbers > 0`);
  }
  const spacing: Vec3 = [pixdim[0] * factor, pixdim[1] * factor, pixdim[2] * factor];
  const { qformCode, sformCode } = header;
  if (qformCode <= 0 && sformCode <= 0) {
    return { size, spacing, origin: [0, 0, 0], direction: identityDirection() };
  }
  const qform = qformCode > 0 ? qformAffine(header, pixdim) : undefined;
  const sform = sformCode > 0 ? header.srows : undefined;
  const useSform = sform !== undefined && choosesSform(sform, sformCode, qform);
  const affine = useSform ? sform : qform;
  if (affine === undefined) throw badGeometry('the sform has axes that are not orthogonal');
  if (!affine.every(Number.isFinite)) {
    throw badGeometry(`the ${useSform ? 'sform' : 'qform'} holds values that are not finite`);
  }
  const [b, c, d] = header.quaternion;
  if (!useSform && b * b + c * c + d * d > MAX_QUATERNION_LENGTH) {
    throw badGeometry(`the qform quaternion (${b}, ${c}, ${d}) is longer than 1`);
  }
  return { size, spacing, ...toLps(affine, factor) };
}

/** The 3x4 matrix of the qform, in the precision of the header's numbers. */
function qformAffine(header: NiftiHeader, pixdim: Vec3): Affine {
  const round = header.version === 1 ? Math.fround : (x: number) => x;
  let [b, c, d] = header.quaternion;
  const square = b * b + c * c + d * d;
  let a = 0;
  if (1 - square < 1e-7) {
    // Half a turn: rounding made the vector part slightly shorter or longer than 1.
    const scale = 1 / Math.sqrt(square);
    [b, c, d] = [b * scale, c * scale, d * scale];
  } else {
    a = Math.sqrt(1 - square);
  }
  const [x, y] = pixdim;
  const z = header.pixdim[0]! < 0 ? -pixdim[2] : pixdim[2];
  const [ox, oy, oz] = header.qoffset;
  // prettier-ignore
  return [
    (a * a + b * b - c * c - d * d) * x, 2 * (b * c - a * d) * y, 2 * (b * d + a * c) * z, ox,
    2 * (b * c + a * d) * x, (a * a + c * c - b * b - d * d) * y, 2 * (c * d - a * b) * z, oy,
    2 * (b * d - a * c) * x, 2 * (c * d + a * b) * y, (a * a + d * d - c * c - b * b) * z, oz,
  ].map(round);
}

/** Normalised columns and the offset of a RAS affine, in LPS. */
function toLps(affine: Affine, factor: number): Pick<Grid, 'origin' | 'direction'> {
  const direction = new Float64Array(9);
  for (let axis = 0; axis < 3; axis++) {
    const [x, y, z] = [affine[axis]!, affine[axis + 4]!, affine[axis + 8]!];
    const length = Math.sqrt(x * x + y * y + z * z);
    // Adding zero turns -0 into 0.
    direction[axis] = -x / length + 0;
    direction[axis + 3] = -y / length + 0;
    direction[axis + 6] = z / length + 0;
  }
  const [x, y, z] = [affine[3]! * factor, affine[7]! * factor, affine[11]! * factor];
  return { origin: [-x + 0, -y + 0, z + 0], direction };
}

/** Rows of a 3x4 matrix, one after the other, that takes voxel indices to RAS mm. */
type Affine = readonly number[];

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
function choosesSform(sform: Affine, code: number, qform: Affine | undefined): boolean {
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
