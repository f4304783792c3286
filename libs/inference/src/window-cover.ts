import type { Triple } from './predictor.ts';
import type { WindowLayout } from './window-layout.ts';

/** Largest steps between windows as shares of a window, per axis: overlaps of a half, then of nothing. */
const STEPS: readonly Triple[] = [
  [0.5, 0.5, 0.5],
  [1, 0.5, 0.5],
  [1, 1, 0.5],
  [1, 1, 1],
];

/**
 * Sets of a layout's windows that each cover the whole image, with less and less overlap, so that
 * work with one set can go on with another.
 *
 * @returns For each set, largest first, the first being all windows: 1 for each window in it.
 */
export function windowCovers(layout: WindowLayout): Uint8Array[] {
  const covers = [new Uint8Array(layout.positions.length).fill(1)];
  let smallest = layout.positions.length;
  for (const step of STEPS) {
    const kept = layout.starts.map((starts, axis) => thin(starts, step[axis]! * layout.roi[axis]!));
    const cover = Uint8Array.from(layout.positions, (position) =>
      position.every((start, axis) => kept[axis]!.has(start)) ? 1 : 0,
    );
    const size = cover.reduce((sum, one) => sum + one, 0);
    if (size >= smallest) continue;
    smallest = size;
    covers.push(cover);
  }
  return covers;
}

/** As few starts as lie at most `gap` apart, the first and the last among them. */
function thin(starts: readonly number[], gap: number): Set<number> {
  const kept = new Set<number>();
  let last = -Infinity;
  starts.forEach((start, i) => {
    const next = starts[i + 1];
    if (next !== undefined && next - last <= gap) return;
    kept.add(start);
    last = start;
  });
  return kept;
}
