import { HecktorError } from '@hecktor/errors';
import type { Grid, Vec3 } from '@hecktor/volume';
import { choosesSform, type Affine } from './choose-form.ts';
import type { NiftiHeader } from './nifti-header.ts';

/** Factor to millimetres of the `xyzt_units` codes metre and micrometre; all else is mm. */
const UNIT_FACTORS: Readonly<Record<number, number>> = { 1: 1e3, 3: 1e-3 };

/** Unit quaternions differ from length 1 by rounding; this much is a damaged header. */
const MAX_QUATERNION_LENGTH = 1.01;

/**
 * The grid of a NIfTI image in LPS, as ITK 5.4 derives it: spacing always from `pixdim`, directions
 * and origin from the sform or the qform (see {@link choosesSform}), RAS turned into LPS. With
 * neither form the direction is the identity and the origin zero.
 *
 * @throws HecktorError IMAGE_GEOMETRY_INVALID for a `pixdim` that is not a number > 0 (ITK takes 1
 * instead), and when no form with orthogonal axes is left.
 */
export function niftiGrid(header: NiftiHeader, size: Vec3, file: string): Grid {
  const invalid = (detail: string) => new HecktorError('IMAGE_GEOMETRY_INVALID', { file, detail });
  const factor = UNIT_FACTORS[header.units & 7] ?? 1;
  const pixdim = size.map((n, axis) => {
    const given = axis < header.dims[0]! ? header.pixdim[axis + 1]! : 1;
    return given === 0 && n === 1 ? 1 : given;
  }) as unknown as Vec3;
  if (!pixdim.every((d) => Number.isFinite(d) && d > 0)) {
    throw invalid(`pixdim is [${pixdim.join(', ')}], expected three finite numbers > 0`);
  }
  const spacing: Vec3 = [pixdim[0] * factor, pixdim[1] * factor, pixdim[2] * factor];
  const { qformCode, sformCode } = header;
  if (qformCode <= 0 && sformCode <= 0) {
    return { size, spacing, origin: [0, 0, 0], direction: identity() };
  }
  const qform = qformCode > 0 ? qformAffine(header, pixdim) : undefined;
  const sform = sformCode > 0 ? header.srows : undefined;
  const useSform = sform !== undefined && choosesSform(sform, sformCode, qform);
  const affine = useSform ? sform : qform;
  if (affine === undefined) throw invalid('the sform has axes that are not orthogonal');
  if (!affine.every(Number.isFinite)) {
    throw invalid(`the ${useSform ? 'sform' : 'qform'} holds values that are not finite`);
  }
  const [b, c, d] = header.quaternion;
  if (!useSform && b * b + c * c + d * d > MAX_QUATERNION_LENGTH) {
    throw invalid(`the qform quaternion (${b}, ${c}, ${d}) is longer than 1`);
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
  const origin: Vec3 = [
    -affine[3]! * factor + 0,
    -affine[7]! * factor + 0,
    affine[11]! * factor + 0,
  ];
  return { origin, direction };
}

function identity(): Float64Array {
  return Float64Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1);
}
