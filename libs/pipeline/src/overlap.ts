import { perAxis, worldBox, type Grid, type WorldBox } from '@hecktor/volume';

/** Whether an image lies wholly outside of another, judged by the boxes around them. */
export function isOutside(image: Grid, of: Grid): boolean {
  return sidesOf(commonBox(worldBox(image), worldBox(of))).some((side) => side <= 0);
}

/** The box that two images share, for the log: its corners and the share of each image in it. */
export function describeOverlap(ct: Grid, pet: Grid): Readonly<Record<string, unknown>> {
  const boxes = [worldBox(ct), worldBox(pet)] as const;
  const common = commonBox(...boxes);
  const volume = (box: WorldBox) =>
    sidesOf(box).reduce((product, mm) => product * Math.max(0, mm), 1);
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

function sidesOf({ lower, upper }: WorldBox): readonly number[] {
  return perAxis((axis) => upper[axis] - lower[axis]);
}

function commonBox(a: WorldBox, b: WorldBox): WorldBox {
  return {
    lower: perAxis((axis) => Math.max(a.lower[axis], b.lower[axis])),
    upper: perAxis((axis) => Math.min(a.upper[axis], b.upper[axis])),
  };
}
