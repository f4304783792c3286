import type { Vec3 } from '@hecktor/volume';
import type { ObliqueMap } from './kernel-job.ts';

/** Continuous source index of an output index, through world space, in ITK's order of operations. */
export function mapIndex(map: ObliqueMap, x: number, y: number, z: number): Vec3 {
  const { outputOrigin: o, toWorld: m, inputOrigin: p, toIndex: q } = map;
  const u = o[0] + m[0]! * x + m[1]! * y + m[2]! * z - p[0];
  const v = o[1] + m[3]! * x + m[4]! * y + m[5]! * z - p[1];
  const w = o[2] + m[6]! * x + m[7]! * y + m[8]! * z - p[2];
  return [
    q[0]! * u + q[1]! * v + q[2]! * w,
    q[3]! * u + q[4]! * v + q[5]! * w,
    q[6]! * u + q[7]! * v + q[8]! * w,
  ];
}

/**
 * The first source index of a scan line and the way to the index one past its end: output voxel x
 * falls on `start + (x / lineLength) * way`, as in ITK's ResampleImageFilter.
 */
export function scanLine(map: ObliqueMap, y: number, z: number): { start: Vec3; way: Vec3 } {
  const start = mapIndex(map, 0, y, z);
  const end = mapIndex(map, map.lineLength, y, z);
  return { start, way: [end[0] - start[0], end[1] - start[1], end[2] - start[2]] };
}
