import { toVec3, type Vec3 } from '@hecktor/volume';
import type { BoxMask } from './region.ts';

/**
 * The triangles of the cubes whose last corner is outside, as PyRadiomics splits them: three edges
 * each, in hexadecimal. The others are their complements (Lorensen and Cline 1987).
 */
const TRIANGLES = (
  ' 083 190 183198 12a 08312a 92a029 2832a8a98 b23 b2008b 190b23 b2119b98b 3a1ba3 ' +
  'a1008a8ba 9033b9ba9 98aba8 478 043473 190478 194147173 12a478 34730412a 92a902478 ' +
  '2a9297273479 478b23 b47b24204 190478b23 47b94bb29192 3a1ba3478 ba114b10447b ' +
  '4789033b9ba9 47b4b99ba 954 954083 054015 854835315 12a954 08312a954 2a5542240 ' +
  '2a5325354834 954b23 b2008b954 054015b23 215258b28548 3a1ba3954 549a1008a8ba ' +
  '54050ba5bb03 548a58ba8 789579 309539357 780017715 157173 78957912a 12a309395357 ' +
  '0288258572a5 2a5253357 579789b23 579972209b27 b23018178157 21b17b157 7895793a1ba3 ' +
  '5705097b0a10ba0 ba003ba50078570 ba557b 65a 08365a 19065a 18319865a 165126 165126083 ' +
  '965906026 598582526832 b2365a b2008b65a 190b2365a b2119b98b65a 63b653513 08b0b50515b6 ' +
  '63b036065059 65969bb98 47865a 04347365a 19047865a 19414717365a 478165126 043473165126 ' +
  '478965906026 739479329596269 b2347865a b47b2420465a 190b2347865a 47b94bb2919265a ' +
  '47863b653513 51b5b610b47b04b 47863b036065059 65969b4797b9 a4964a a4964a083 01aa60640 ' +
  '18316886461a 149124264 149124264083 024426 832824426 b23a4964a b2008ba4964a ' +
  'b2301aa60640 64161a148b2118b 964369139b63 18b081b61149641 63b036640 86468b 67a78a89a ' +
  '67a0a709a073 67a1a7178018 67a1a7173 126168189678 269129679309739 078706602 273267 ' +
  'b2367a78a89a 207b2709767a9a7 67a1a7178018b23 b2117ba61167 896678169b63136 09167b ' +
  '07870603bb60 67b'
).split(' ');

/** The middles of the edges 0 to 11 of a cube, in half voxels along x, y, z. */
const EDGES = '100 210 120 010 102 212 122 012 001 201 221 021'.split(' ');

/** Area and six volumes of a cube's triangles, and the vector that moves the volume with the cube. */
interface Cube {
  readonly area: number;
  readonly volume: number;
  readonly moment: Vec3;
}

/**
 * The surface in mm2 and volume in mm3 of the mesh that marching cubes lay halfway between the voxel
 * centres of a mask and its outside.
 */
export function meshOf({ size, data }: BoxMask, spacing: Vec3): { area: number; volume: number } {
  const counts = cubeCounts(data, size);
  let [area, volume] = [0, 0];
  for (let index = 1; index < 255; index++) {
    const [count, x, y, z] = counts.subarray(4 * index, 4 * index + 4);
    if (count === 0) continue;
    const outside = index < 128;
    const cube = cubeOf(TRIANGLES[outside ? index : 255 - index]!, spacing);
    const [mx, my, mz] = cube.moment;
    const moved = x! * spacing[0] * mx + y! * spacing[1] * my + z! * spacing[2] * mz;
    area += count! * cube.area;
    volume += (outside ? -1 : 1) * (count! * cube.volume + moved);
  }
  return { area, volume: volume / 6 };
}

/** How many cubes have each set of corners inside, and the sums of their places x, y, z. */
function cubeCounts(data: Uint8Array, [nx, ny, nz]: Vec3): Float64Array {
  const counts = new Float64Array(4 * 256);
  const at = (x: number, y: number, z: number): number =>
    x < 0 || y < 0 || z < 0 || x >= nx || y >= ny || z >= nz ? 0 : data[x + nx * (y + ny * z)]!;
  for (let z = -1; z < nz; z++) {
    for (let y = -1; y < ny; y++) {
      // The corners at x are those at x + 1 of the cube before.
      let behind = 0;
      for (let x = -1; x < nx; x++) {
        const [a, b] = [at(x + 1, y, z), at(x + 1, y + 1, z)];
        const [c, d] = [at(x + 1, y, z + 1), at(x + 1, y + 1, z + 1)];
        const index = behind | (a << 1) | (b << 2) | (c << 5) | (d << 6);
        behind = a | (b << 3) | (c << 4) | (d << 7);
        if (index === 0 || index === 255) continue;
        counts[4 * index]!++;
        counts[4 * index + 1]! += x + 1;
        counts[4 * index + 2]! += y + 1;
        counts[4 * index + 3]! += z + 1;
      }
    }
  }
  return counts;
}

function cubeOf(triangles: string, spacing: Vec3): Cube {
  let [area, volume] = [0, 0];
  const moment = [0, 0, 0];
  const corner = (digit: string): Vec3 => {
    const [x, y, z] = EDGES[Number.parseInt(digit, 16)]!;
    return [(+x! * spacing[0]) / 2, (+y! * spacing[1]) / 2, (+z! * spacing[2]) / 2];
  };
  for (let i = 0; i < triangles.length; i += 3) {
    const [a, b, c] = [...triangles.slice(i, i + 3)].map(corner) as [Vec3, Vec3, Vec3];
    const normal = cross(minus(a, c), minus(b, c));
    area += Math.hypot(...normal) / 2;
    volume += dot(cross(a, b), c);
    normal.forEach((value, axis) => (moment[axis]! += value));
  }
  return { area, volume, moment: toVec3(moment) };
}

function minus(a: Vec3, b: Vec3): Vec3 {
  return [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
}

function dot(a: Vec3, b: Vec3): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

function cross(a: Vec3, b: Vec3): Vec3 {
  return [a[1] * b[2] - b[1] * a[2], a[2] * b[0] - b[2] * a[0], a[0] * b[1] - b[0] * a[1]];
}
