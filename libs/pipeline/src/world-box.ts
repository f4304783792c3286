import { voxelToWorld, type Grid, type Vec3 } from '@hecktor/volume';

/** A box along the axes of the world, mm. */
export interface Box {
  readonly lower: readonly number[];
  readonly upper: readonly number[];
}

/** Whether an image lies wholly outside of another, judged by the boxes around them. */
export function isOutside(image: Grid, of: Grid): boolean {
  return sidesOf(commonBox(worldBox(image), worldBox(of))).some((side) => side <= 0);
}

/** The box that two images share, for the log: its corners and the share of each image in it. */
export function describeOverlap(ct: Grid, pet: Grid): Readonly<Record<string, unknown>> {
  const boxes = [worldBox(ct), worldBox(pet)] as const;
  const common = commonBox(...boxes);
  const volume = (box: Box) => sidesOf(box).reduce((product, mm) => product * Math.max(0, mm), 1);
  const [ofCt, ofPet] = boxes.map(
    (box) => Math.round((1000 * volume(common)) / volume(box)) / 1000,
  );
  return {
    lower: common.lower.map((mm) => Math.round(mm * 1000) / 1000),
    upper: common.upper.map((mm) => Math.round(mm * 1000) / 1000),
    ofCt,
    ofPet,
  };
}

function sidesOf({ lower, upper }: Box): number[] {
  return lower.map((mm, axis) => upper[axis]! - mm);
}

function commonBox(a: Box, b: Box): Box {
  return {
    lower: a.lower.map((mm, axis) => Math.max(mm, b.lower[axis]!)),
    upper: a.upper.map((mm, axis) => Math.min(mm, b.upper[axis]!)),
  };
}

/** The box around all voxels of an image, edges included. */
export function worldBox(grid: Grid): Box {
  const lower = [Infinity, Infinity, Infinity];
  const upper = [-Infinity, -Infinity, -Infinity];
  for (let corner = 0; corner < 8; corner++) {
    // Edges of the outer voxels, half a voxel beyond their centres.
    const edge = (axis: 0 | 1 | 2) => ((corner >> axis) & 1 ? grid.size[axis] - 0.5 : -0.5);
    const index: Vec3 = [edge(0), edge(1), edge(2)];
    voxelToWorld(grid, index).forEach((x, axis) => {
      lower[axis] = Math.min(lower[axis]!, x);
      upper[axis] = Math.max(upper[axis]!, x);
    });
  }
  return { lower, upper };
}
