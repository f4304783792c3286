import type { Finding } from './finding.ts';
import type { Outline } from './outline.ts';

/** Area of a slice through a head, cm²; a neck has less, a trunk more. */
const HEAD_AREA = [140, 420] as const;
/** How wide a head is at most, cm; shoulders and hips are wider. */
const HEAD_WIDTH = 25;
/** How much of a head, or of a trunk, is looked for along the body, cm. */
const LEAST_HEIGHT = 6;
/** Edges of a CT below which nothing is judged, cm: it may be cut to a part of the head or neck. */
const LEAST_EXTENT = [20, 20, 10] as const;

/** Whether the CT shows a head, by area and width of the body in its slices, and at which end. */
export function checkHead(outline: Outline): Finding | undefined {
  const { size, cell } = outline;
  const cm = cell / 10;
  if (LEAST_EXTENT.some((extent, axis) => size[axis]! * cm < extent)) return undefined;
  const [head, trunk]: [number[], number[]] = [[], []];
  for (const [z, columns] of columnsOf(outline)) {
    const parts = partsOf(columns).map(({ cells, width }) => ({
      area: cells * cm * cm,
      isWide: width * cm > HEAD_WIDTH,
    }));
    if (parts.some(({ isWide }) => isWide)) trunk.push(z);
    else if (parts.some(({ area }) => area >= HEAD_AREA[0] && area <= HEAD_AREA[1])) head.push(z);
  }
  const told = (seen: string): Finding => ({
    check: 'head',
    text:
      `${seen}; the neck, which is looked for below the brain's uptake at the upper end, is taken ` +
      'elsewhere, and the mask is empty or in another organ',
  });
  if (head.length * cm < LEAST_HEIGHT) return told('the CT shows no head');
  if (trunk.length * cm >= LEAST_HEIGHT && mean(head) < mean(trunk)) {
    return told('the CT has the head at its lower end');
  }
  return undefined;
}

/** Cells of the body in each column of a slice, left to right, by the slice. */
function columnsOf({ body, size, start }: Outline): Map<number, Int32Array> {
  const slices = new Map<number, Int32Array>();
  for (let at = 0; at < body.length; at += 3) {
    const z = body[at + 2]!;
    let columns = slices.get(z);
    if (columns === undefined) slices.set(z, (columns = new Int32Array(size[0])));
    columns[body[at]! - start[0]]!++;
  }
  return slices;
}

/** What of a slice lies side by side: head and raised arms, or two legs. */
function partsOf(columns: Int32Array): { readonly cells: number; readonly width: number }[] {
  const parts: { cells: number; width: number }[] = [];
  columns.forEach((cells, x) => {
    if (cells === 0) return;
    if (x === 0 || columns[x - 1] === 0) parts.push({ cells: 0, width: 0 });
    const part = parts.at(-1)!;
    part.cells += cells;
    part.width++;
  });
  return parts;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
