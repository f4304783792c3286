import { TISSUE } from './tissue.ts';
import type { Layer } from './paint.ts';
import { capsule, clip, ellipsoid, horseshoe, stack, type Section } from './shape.ts';
import { SOFT } from './head.ts';
import type { Random } from '../random.ts';

const OUTLINE: Section[] = [
  [10, 0, 30, 58, 52],
  [-30, 0, 20, 58, 56],
  [-70, 0, 13, 58, 58],
  [-105, 0, 13, 61, 58],
  [-132, 0, 15, 76, 60],
  [-152, 0, 17, 118, 64],
  [-175, 0, 18, 176, 72],
  [-205, 0, 14, 208, 88],
  [-320, 0, 8, 214, 112],
];

/** Neck, shoulders and upper chest, for painting under the head's layers. */
export function trunkLayers(random: Random): Layer[] {
  const thin = random.between(5, 11);
  const inset = (mm: number): Section[] =>
    OUTLINE.map(([z, x, y, rx, ry]) => {
      const deep = z < -150 ? mm * 1.8 : mm;
      return [z < -150 ? z - mm * 0.7 : z, x, y, rx - deep, ry - deep];
    });
  return [
    { shape: stack(OUTLINE, 2.2), tissue: TISSUE.skin },
    { shape: stack(inset(2), 2.2), tissue: TISSUE.fat },
    { shape: stack(inset(thin), 2.2), tissue: TISSUE.connective },
    ...muscles(),
    ...chest(),
  ];
}

/** What lies in the neck's middle, for painting over the head's layers. */
export function neckLayers(random: Random): Layer[] {
  return [...vessels(random), ...spine(), ...airway(random), ...larynx(random)];
}

function muscles(): Layer[] {
  const layers: Layer[] = [];
  for (const side of [1, -1]) {
    const strand = (sections: Section[]): Layer => ({
      shape: stack(sections.map(([z, x, y, rx, ry]) => [z, side * x, y, rx, ry])),
      tissue: TISSUE.muscle,
    });
    layers.push(
      strand([
        [-6, 50, 26, 8, 12],
        [-60, 46, 10, 8, 15],
        [-110, 34, -8, 9, 14],
        [-172, 10, -30, 8, 5],
      ]),
      strand([
        [0, 18, 62, 15, 10],
        [-60, 16, 56, 14, 12],
        [-140, 20, 52, 16, 15],
        [-320, 26, 62, 22, 18],
      ]),
      strand([
        [-8, 26, 48, 16, 9],
        [-70, 27, 42, 13, 12],
        [-150, 38, 38, 14, 13],
        [-180, 44, 40, 10, 8],
      ]),
      strand([
        [-60, 28, 18, 9, 8],
        [-120, 32, 14, 11, 10],
        [-175, 46, 8, 10, 8],
      ]),
      strand([
        [-4, 8, 7, 6, 4],
        [-80, 9, 8, 7, 4],
        [-180, 10, 10, 6, 4],
      ]),
      { shape: ellipsoid([side * 70, 55, -165], [62, 16, 34]), tissue: TISSUE.muscle },
      { shape: ellipsoid([side * 178, 20, -222], [26, 52, 44]), tissue: TISSUE.muscle },
      { shape: ellipsoid([side * 115, 66, -240], [62, 26, 70]), tissue: TISSUE.muscle },
      { shape: ellipsoid([side * 90, -58, -245], [75, 20, 62]), tissue: TISSUE.muscle },
    );
  }
  return layers;
}

function chest(): Layer[] {
  const layers: Layer[] = [];
  for (const level of [0, 1, 2, 3]) {
    const band = (grow: number): Layer => ({
      shape: clip(
        horseshoe({
          centre: [0, 14, -196 - 27 * level],
          radii: [72 + 17 * level + grow, 62 + 11 * level + grow],
          thickness: 7 + 2 * grow,
          height: 9 + 2 * grow,
          backTo: 100,
          rise: 0.35,
        }),
        (x) => Math.abs(x) > 14,
      ),
      tissue: grow === 0 ? TISSUE.cortical : TISSUE.marrow,
    });
    layers.push(band(0), band(-1.8));
  }
  for (const side of [1, -1]) {
    layers.push(
      { shape: ellipsoid([side * 62, 20, -285], [54, 66, 92]), tissue: TISSUE.lung },
      {
        shape: capsule([side * 16, -38, -178], [side * 90, -28, -168], 6),
        tissue: TISSUE.cortical,
      },
      {
        shape: capsule([side * 16, -38, -178], [side * 90, -28, -168], 3.5),
        tissue: TISSUE.marrow,
      },
      { shape: capsule([side * 90, -28, -168], [side * 158, 8, -176], 6), tissue: TISSUE.cortical },
      { shape: capsule([side * 90, -28, -168], [side * 158, 8, -176], 3.5), tissue: TISSUE.marrow },
      { shape: ellipsoid([side * 172, 20, -204], [23, 23, 24]), tissue: TISSUE.cortical },
      { shape: ellipsoid([side * 172, 20, -204], [20, 20, 21]), tissue: TISSUE.marrow },
      {
        shape: capsule([side * 174, 20, -210], [side * 180, 22, -330], 13),
        tissue: TISSUE.cortical,
      },
      { shape: capsule([side * 174, 20, -210], [side * 180, 22, -330], 8), tissue: TISSUE.marrow },
      { shape: capsule([side * 150, 34, -200], [side * 88, 72, -270], 5), tissue: TISSUE.cortical },
      { shape: capsule([side * 150, 30, -186], [side * 84, 70, -196], 5), tissue: TISSUE.cortical },
    );
  }
  layers.push(
    { shape: ellipsoid([0, -52, -212], [28, 9, 34]), tissue: TISSUE.cortical },
    { shape: ellipsoid([0, -52, -212], [26, 6.5, 32]), tissue: TISSUE.marrow },
    { shape: ellipsoid([0, -6, -270], [34, 44, 80]), tissue: TISSUE.connective },
    { shape: ellipsoid([6, -10, -262], [24, 34, 20]), tissue: TISSUE.vessel },
    { shape: ellipsoid([6, -6, -276], [10, 20, 16]), tissue: TISSUE.connective },
    { shape: ellipsoid([14, -24, -300], [24, 24, 30]), tissue: TISSUE.vessel },
  );
  return layers;
}

function vessels(random: Random): Layer[] {
  const layers: Layer[] = [];
  const dominant = random.pick([1, -1]);
  for (const side of [1, -1]) {
    const wide = side === dominant ? 8 : 5.5;
    layers.push(
      {
        shape: stack([
          [-10, side * 32, 6, 3, 3],
          [-75, side * 25, -1, 4, 4],
          [-150, side * 22, -4, 4, 4],
          [-250, side * 12, -10, 5, 5],
        ]),
        tissue: TISSUE.vessel,
        over: SOFT,
      },
      {
        shape: stack([
          [-10, side * 38, 12, 4, 4],
          [-75, side * 33, 2, wide, wide * 0.8],
          [-150, side * 30, -10, wide, wide],
          [-175, side * 30, -14, 8, 7],
          [-250, side * 16, -22, 8, 8],
        ]),
        tissue: TISSUE.vessel,
        over: SOFT,
      },
    );
  }
  return layers;
}

/** Body centre of the spine in front-to-back direction at height z: the neck's lordosis. */
function spineAt(z: number): number {
  return 19 + 7 * Math.sin(((z + 20) / -230) * Math.PI * 1.4) * -0.6 + Math.max(0, -160 - z) * 0.12;
}

function spine(): Layer[] {
  const layers: Layer[] = [];
  const vertebra = (z: number, height: number, size: number) => {
    const y = spineAt(z);
    const body = (grow: number) =>
      stack(
        [
          [z + height / 2 + grow, 0, y, 13 * size + grow, 9 * size + grow],
          [z - height / 2 - grow, 0, y, 13 * size + grow, 9 * size + grow],
        ],
        2.5,
      );
    const arch = (grow: number) =>
      stack(
        [
          [z + 5 + grow, 0, y + 20, 19 * size + grow, 12 + grow],
          [z - 6 - grow, 0, y + 20, 19 * size + grow, 12 + grow],
        ],
        2,
      );
    layers.push({ shape: arch(0), tissue: TISSUE.cortical });
    layers.push({ shape: arch(-2.5), tissue: TISSUE.marrow });
    layers.push({
      shape: capsule([0, y + 28, z - 2], [0, y + 40 + 8 * size, z - 10], 3.4),
      tissue: TISSUE.cortical,
    });
    for (const side of [1, -1]) {
      layers.push({
        shape: capsule([side * 12, y + 8, z], [side * 25 * size, y + 13, z - 1], 4),
        tissue: TISSUE.cortical,
      });
      layers.push({
        shape: ellipsoid([side * 17 * size, y + 15, z], [6.5, 7, 9]),
        tissue: TISSUE.cortical,
      });
    }
    layers.push({ shape: body(0), tissue: TISSUE.cortical });
    layers.push({ shape: body(-1.6), tissue: TISSUE.marrow });
  };
  const heights = [-34, -52, -69, -86, -103, -120, -138, -158, -180, -203, -227, -252, -278, -305];
  heights.forEach((z, i) => {
    const next = heights[i + 1];
    if (next !== undefined) {
      const y = spineAt((z + next) / 2);
      layers.push({
        shape: stack([
          [z, 0, y, 12.5, 8.5],
          [next, 0, y, 12.5, 8.5],
        ]),
        tissue: TISSUE.disc,
      });
    }
  });
  heights.forEach((z, i) => vertebra(z, i === 0 ? 20 : 12 + 0.55 * i, 1 + 0.035 * i));
  layers.push(
    { shape: ellipsoid([0, 15, -14], [27, 7, 7]), tissue: TISSUE.cortical },
    { shape: ellipsoid([22, 20, -14], [9, 11, 9]), tissue: TISSUE.cortical },
    { shape: ellipsoid([-22, 20, -14], [9, 11, 9]), tissue: TISSUE.cortical },
    { shape: ellipsoid([0, 52, -15], [22, 5, 6]), tissue: TISSUE.cortical },
    { shape: capsule([0, 17, -34], [0, 17, -12], 5), tissue: TISSUE.marrow },
    { shape: capsule([0, -2, 6], [0, 14, -2], 7), tissue: TISSUE.cortical },
  );
  const canal = (r: number): Section[] =>
    [-10, -50, -100, -150, -200, -250, -320].map((z) => [z, 0, spineAt(z) + 18, r * 1.2, r]);
  layers.push({ shape: stack(canal(7.5)), tissue: TISSUE.fluid });
  layers.push({ shape: stack(canal(4.5)), tissue: TISSUE.cord });
  return layers;
}

function airway(random: Random): Layer[] {
  const open = random.between(0.75, 1.2);
  const tube = (grow: number): Section[] =>
    [
      [8, -16, 13, 8],
      [-8, -10, 14, 6],
      [-24, -6, 11, 4],
      [-40, -5, 12, 6],
      [-58, -6, 13, 7],
      [-70, -9, 13, 6],
    ].map(([z, y, rx, ry]) => [z!, 0, y!, rx! * (grow > 0 ? 1 : open) + grow, ry! * open + grow]);
  const lower = (grow: number): Section[] =>
    [
      [-70, -12, 9, 7],
      [-84, -22, 6, 9],
      [-94, -24, 2.5, 10],
      [-102, -23, 7, 9],
      [-118, -19, 8.5, 8.5],
      [-160, -8, 8.5, 8],
      [-225, 4, 9, 8],
      [-252, 8, 9, 8],
    ].map(([z, y, rx, ry]) => [z!, 0, y!, rx! + grow, ry! + grow]);
  return [
    { shape: stack(tube(4)), tissue: TISSUE.mucosa, over: SOFT },
    { shape: ellipsoid([0, 0, -2], [13, 4, 9]), tissue: TISSUE.tonsil, over: SOFT },
    { shape: ellipsoid([0, -18, -56], [13, 5, 8]), tissue: TISSUE.tonsil, over: SOFT },
    { shape: stack(lower(2)), tissue: TISSUE.cartilage, over: SOFT },
    { shape: stack(tube(0)), tissue: TISSUE.airway },
    { shape: stack(lower(0)), tissue: TISSUE.airway },
    {
      shape: stack([
        [-112, 0, 2, 8, 4],
        [-180, 3, 9, 8, 5],
        [-320, 3, 12, 8, 6],
      ]),
      tissue: TISSUE.mucosa,
      over: SOFT,
    },
  ];
}

function larynx(random: Random): Layer[] {
  const calcified = random.chance(0.6) ? TISSUE.cortical : TISSUE.cartilage;
  const layers: Layer[] = [
    {
      shape: horseshoe({
        centre: [0, -12, -72],
        radii: [24, 30],
        thickness: 5,
        height: 7,
        backTo: -4,
        rise: 0.1,
      }),
      tissue: TISSUE.cortical,
    },
    {
      shape: horseshoe({
        centre: [0, -12, -92],
        radii: [20, 30],
        thickness: 3.5,
        height: 24,
        backTo: -4,
      }),
      tissue: calcified,
    },
    {
      shape: horseshoe({
        centre: [0, -21, -110],
        radii: [13, 13.5],
        thickness: 4,
        height: 9,
        backTo: 0,
        rise: 0.3,
      }),
      tissue: TISSUE.cartilage,
    },
    {
      shape: clip(ellipsoid([0, -18, -66], [12, 2, 14]), (_x, y, z) => y < -10 - (z + 66) * 0.3),
      tissue: TISSUE.cartilage,
    },
  ];
  for (const side of [1, -1]) {
    layers.push(
      {
        shape: capsule([side * 7, -34, -94], [side * 7, -14, -94], 4.5),
        tissue: TISSUE.laryngeal,
        over: SOFT,
      },
      { shape: ellipsoid([side * 7, -10, -100], [5, 4, 7]), tissue: TISSUE.laryngeal, over: SOFT },
      {
        shape: ellipsoid([side * 18, -17, -124], [8, 10, random.between(17, 23)]),
        tissue: TISSUE.thyroid,
        over: SOFT,
      },
      {
        shape: stack([
          [-74, side * 9, -44, 6, 3],
          [-125, side * 8, -40, 7, 3],
          [-180, side * 8, -38, 7, 3],
        ]),
        tissue: TISSUE.muscle,
      },
    );
  }
  layers.push({
    shape: ellipsoid([0, -30, -126], [14, 3.5, 7]),
    tissue: TISSUE.thyroid,
    over: SOFT,
  });
  return layers;
}
