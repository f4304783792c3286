import { toVec3, type Vec3 } from '@hecktor/volume';
import { CELL, type Outline } from './outline.ts';

/** Along which axes of the world an outline is mirrored, within its own box. */
export type Mirror = readonly [x: boolean, y: boolean, z: boolean];

/** How well one outline, moved, lies on another, among the cells that both images see. */
export interface Match {
  /** Cells that the outline was shifted by, after it was mirrored. */
  readonly shift: Vec3;
  readonly dice: number;
  /** Cells of both bodies less those of one alone: what a search makes as large as it can. */
  readonly score: number;
}

/** Lays the outline `b`, mirrored and shifted, over `a`; looks at every n-th cell of both bodies. */
export function matchOf(a: Outline, b: Outline, mirror: Mirror, shift: Vec3, every = 1): Match {
  const sign = mirror.map((isMirrored) => (isMirrored ? -1 : 1));
  // A lattice index of b, mirrored, is sum - index.
  const sums = mirror.map((is, axis) => (is ? 2 * b.start[axis]! + b.size[axis]! - 1 : 0));
  const there = toVec3(sums.map((sum, axis) => sum + shift[axis]!));
  const back = toVec3(sums.map((sum, axis) => sum - sign[axis]! * shift[axis]!));
  const ofA = look(a, b, toVec3(sign), back, every);
  const ofB = look(b, a, toVec3(sign), there, every);
  const seen = ofA.seen + ofB.seen;
  return {
    shift,
    dice: seen === 0 ? 0 : (2 * ofA.both) / seen,
    score: (3 * ofA.both - seen) * every,
  };
}

/** How many cells of the body of `from` the image `to` sees, and how many it has as body. */
function look(
  { body }: Outline,
  to: Outline,
  sign: Vec3,
  offset: Vec3,
  every: number,
): { readonly seen: number; readonly both: number } {
  const [nx, ny, nz] = to.size;
  const [sx, sy, sz] = sign;
  const [ox, oy, oz] = offset.map((cells, axis) => cells - to.start[axis]!) as [
    number,
    number,
    number,
  ];
  const { cells } = to;
  let [seen, both] = [0, 0];
  for (let at = 0; at < body.length; at += 3 * every) {
    const x = ox + sx * body[at]!;
    const y = oy + sy * body[at + 1]!;
    const z = oz + sz * body[at + 2]!;
    if (x < 0 || y < 0 || z < 0 || x >= nx || y >= ny || z >= nz) continue;
    const cell = cells[x + nx * (y + ny * z)]!;
    if (cell === CELL.unseen) continue;
    seen++;
    both += cell;
  }
  return { seen, both };
}

/** Every how many cells a search looks at first; odd, so that it meets all columns. */
const SAMPLE = 5;

/**
 * The best place of the outline `b`, mirrored, on `a`: axis by axis from where `start` has it, then
 * again, then by all cells to the neighbouring one.
 *
 * @param reach - How far it goes, cells along x, y, z.
 */
export function bestMatch(
  a: Outline,
  b: Outline,
  mirror: Mirror,
  { start, reach }: { readonly start: Vec3; readonly reach: Vec3 },
): Match {
  const known = new Map<string, Match>();
  const sampled = (shift: Vec3): Match => {
    const key = shift.join();
    const match = known.get(key) ?? matchOf(a, b, mirror, shift, SAMPLE);
    known.set(key, match);
    return match;
  };
  // The second time most places are known.
  const first = climb(sampled, start, reach);
  const second = climb(sampled, first.shift, reach);
  return climb((shift) => matchOf(a, b, mirror, shift), second.shift, [1, 1, 1]);
}

function climb(matchAt: (shift: Vec3) => Match, start: Vec3, reach: Vec3): Match {
  let best = matchAt(start);
  for (const axis of [2, 0, 1] as const) {
    const from = best.shift;
    for (let by = -reach[axis]; by <= reach[axis]; by++) {
      if (by === 0) continue;
      const shift = toVec3(from.map((cells, i) => (i === axis ? cells + by : cells)));
      const match = matchAt(shift);
      if (match.score > best.score) best = match;
    }
  }
  return best;
}

/** The shift that lays the centre of `b`, mirrored, on that of `a`. */
export function meeting(a: Outline, b: Outline, mirror: Mirror): Vec3 {
  return toVec3(
    a.centre.map((index, axis) => {
      const own = b.centre[axis]!;
      const mirrored = 2 * b.start[axis]! + b.size[axis]! - 1 - own;
      return Math.round(index - (mirror[axis] === true ? mirrored : own));
    }),
  );
}
