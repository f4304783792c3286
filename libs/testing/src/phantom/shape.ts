import { toVec3, type Vec3 } from '@hecktor/volume';

// Bound once: under a test runner's sandbox each look-up of a global costs more than the maths.
const { abs, max, min } = Math;

/** Tells whether a point of one axial plane is inside; arguments are x and y in mm. */
export type InPlane = (x: number, y: number) => boolean;

/**
 * A solid in body coordinates (mm; x to the patient's left, y to the back, z to the head). It is
 * asked plane by plane, so that what depends on z alone is computed once per plane.
 */
export interface Shape {
  readonly lower: Vec3;
  readonly upper: Vec3;
  /** The test for the plane at height z; undefined when the plane misses the shape. */
  at(z: number): InPlane | undefined;
}

/** An axis-aligned ellipsoid. */
export function ellipsoid(centre: Vec3, radii: Vec3): Shape {
  const [cx, cy, cz] = centre;
  const [rx, ry, rz] = radii;
  return {
    ...boxAround(centre, radii),
    at: (z) => {
      const left = 1 - ((z - cz) / rz) ** 2;
      if (left <= 0) return undefined;
      const ax = 1 / (rx * rx * left);
      const ay = 1 / (ry * ry * left);
      return (x, y) => (x - cx) * (x - cx) * ax + (y - cy) * (y - cy) * ay < 1;
    },
  };
}

/** One cross-section of a {@link stack}: [z, centre x, centre y, radius x, radius y]. */
export type Section = readonly [number, number, number, number, number];

/**
 * A generalised cylinder along z: elliptic cross-sections, smoothly interpolated between the given
 * ones, which are sorted by falling z. `power` 2 is an ellipse, more is boxier.
 */
export function stack(sections: readonly Section[], power = 2): Shape {
  const first = sections[0]!;
  const last = sections[sections.length - 1]!;
  const low = (axis: 1 | 2) => Math.min(...sections.map((s) => s[axis] - s[(axis + 2) as 3 | 4]));
  const high = (axis: 1 | 2) => Math.max(...sections.map((s) => s[axis] + s[(axis + 2) as 3 | 4]));
  return {
    lower: [low(1), low(2), last[0]],
    upper: [high(1), high(2), first[0]],
    at: (z) => {
      if (z > first[0] || z < last[0]) return undefined;
      let i = 0;
      while (i < sections.length - 2 && z < sections[i + 1]![0]) i++;
      const above = sections[i]!;
      const below = sections[i + 1]!;
      const t = (above[0] - z) / (above[0] - below[0]);
      const s = t * t * (3 - 2 * t);
      const mix = (field: 1 | 2 | 3 | 4) => above[field] + (below[field] - above[field]) * s;
      const cx = mix(1);
      const cy = mix(2);
      const ix = 1 / Math.max(mix(3), 1e-6);
      const iy = 1 / Math.max(mix(4), 1e-6);
      if (power === 2) {
        return (x, y) => ((x - cx) * ix) ** 2 + ((y - cy) * iy) ** 2 < 1;
      }
      // Most points are inside the ellipse or outside the box: powers are slow, so both go first.
      return (x, y) => {
        const u = abs((x - cx) * ix);
        const v = abs((y - cy) * iy);
        if (u >= 1 || v >= 1) return false;
        return u * u + v * v < 1 || u ** power + v ** power < 1;
      };
    },
  };
}

/** All points within `radius` of the segment from `a` to `b`. */
export function capsule(a: Vec3, b: Vec3, radius: number): Shape {
  const d: Vec3 = [b[0] - a[0], b[1] - a[1], b[2] - a[2]];
  const length2 = d[0] * d[0] + d[1] * d[1] + d[2] * d[2];
  const r2 = radius * radius;
  return {
    lower: toVec3([0, 1, 2].map((i) => Math.min(a[i]!, b[i]!) - radius)),
    upper: toVec3([0, 1, 2].map((i) => Math.max(a[i]!, b[i]!) + radius)),
    at: (z) => (x, y) => {
      const px = x - a[0];
      const py = y - a[1];
      const pz = z - a[2];
      const t = min(1, max(0, (px * d[0] + py * d[1] + pz * d[2]) / length2));
      return (px - t * d[0]) ** 2 + (py - t * d[1]) ** 2 + (pz - t * d[2]) ** 2 < r2;
    },
  };
}

/**
 * A band bent around an ellipse in the axial plane, open to the back: jaw, rows of teeth, hyoid,
 * thyroid cartilage, ribs. `rise` lifts it by that many mm for each mm to the back.
 */
export function horseshoe(options: {
  centre: Vec3;
  radii: readonly [number, number];
  thickness: number;
  height: number;
  backTo: number;
  rise?: number;
}): Shape {
  const { centre, radii, thickness, height, backTo, rise = 0 } = options;
  const [cx, cy, cz] = centre;
  const half = height / 2;
  const reach = Math.abs(rise) * (radii[1] + thickness + Math.abs(backTo - cy));
  const lower: Vec3 = [cx - radii[0], cy - radii[1], cz - half - reach];
  const upper: Vec3 = [cx + radii[0], backTo, cz + half + reach];
  const inner = [radii[0] - thickness, radii[1] - thickness] as const;
  return {
    lower,
    upper,
    at: (z) => (x, y) => {
      if (y > backTo || abs(z - cz - rise * (y - cy)) > half) return false;
      const dx = x - cx;
      const dy = y - cy;
      return (
        (dx / radii[0]) ** 2 + (dy / radii[1]) ** 2 < 1 &&
        (dx / inner[0]) ** 2 + (dy / inner[1]) ** 2 > 1
      );
    },
  };
}

/** The part of a shape where `keep` holds. */
export function clip(shape: Shape, keep: (x: number, y: number, z: number) => boolean): Shape {
  return {
    lower: shape.lower,
    upper: shape.upper,
    at: (z) => {
      const inside = shape.at(z);
      return inside && ((x, y) => inside(x, y) && keep(x, y, z));
    },
  };
}

function boxAround(centre: Vec3, radii: Vec3): { lower: Vec3; upper: Vec3 } {
  return {
    lower: [centre[0] - radii[0], centre[1] - radii[1], centre[2] - radii[2]],
    upper: [centre[0] + radii[0], centre[1] + radii[1], centre[2] + radii[2]],
  };
}
