import { TISSUE } from './tissue.ts';
import type { Layer } from './paint.ts';
import { capsule, clip, ellipsoid, horseshoe, stack, type Section } from './shape.ts';
import { blob } from './blob.ts';
import type { Random } from '../random.ts';

const SCALP: Section[] = [
  [137, 0, 4, 2, 2],
  [128, 0, 4, 33, 42],
  [110, 0, 4, 57, 73],
  [85, 0, 4, 72, 93],
  [55, 0, 4, 78, 99],
  [30, 0, 3, 77, 97],
  [0, 0, 2, 72, 90],
  [-30, 0, 0, 62, 84],
  [-50, 0, -12, 54, 72],
  [-72, 0, -28, 38, 56],
  [-84, 0, -30, 18, 36],
];

/** Where the brain ends below: the skull base falls towards the back. */
const aboveSkullBase = (_x: number, y: number, z: number): boolean => z > 10 - 0.28 * y;

/** The head without neck: skin, skull, brain, face, jaws, teeth, mouth, glands. */
export function headLayers(random: Random): Layer[] {
  const inset = (mm: number): Section[] =>
    SCALP.map(([z, x, y, rx, ry]) => [
      z > 100 ? z - mm : z,
      x,
      y,
      Math.max(1, rx - mm),
      Math.max(1, ry - mm),
    ]);
  return [
    { shape: stack(SCALP, 2.1), tissue: TISSUE.skin },
    { shape: ellipsoid([0, -93, -4], [12, 15, 17]), tissue: TISSUE.skin },
    { shape: ellipsoid([80, 14, 12], [5, 14, 26]), tissue: TISSUE.skin },
    { shape: ellipsoid([-80, 14, 12], [5, 14, 26]), tissue: TISSUE.skin },
    { shape: stack(inset(2), 2.1), tissue: TISSUE.fat },
    ...skullAndBrain(random),
    ...face(random),
    ...mouth(random),
    ...headGlands(random),
  ];
}

function skullAndBrain(random: Random): Layer[] {
  const folds = (radius: readonly [number, number, number], roughness: number) =>
    clip(blob([0, 3, 60], radius, roughness, random), aboveSkullBase);
  const vault = (grow: number) =>
    clip(ellipsoid([0, 3, 60], [63 + grow, 81 + grow, 62 + grow]), (_x, y, z) =>
      aboveSkullBase(0, y, z + grow),
    );
  const fossa = (grow: number) => ellipsoid([0, 46, 0], [48 + grow, 32 + grow, 25 + grow]);
  const uneven = random.between(0.05, 0.12);
  return [
    { shape: vault(9), tissue: TISSUE.cortical },
    { shape: fossa(6), tissue: TISSUE.cortical },
    { shape: vault(7), tissue: TISSUE.marrow },
    { shape: fossa(4), tissue: TISSUE.marrow },
    { shape: vault(3.5), tissue: TISSUE.cortical },
    { shape: vault(1.5), tissue: TISSUE.fluid },
    { shape: fossa(1), tissue: TISSUE.fluid },
    { shape: fossa(0), tissue: TISSUE.grey },
    { shape: ellipsoid([0, 46, 0], [34, 20, 14]), tissue: TISSUE.white },
    { shape: folds([61, 79, 60], uneven / 3), tissue: TISSUE.grey },
    { shape: folds([49, 66, 48], uneven * 3), tissue: TISSUE.white },
    {
      shape: clip(ellipsoid([0, 3, 75], [1.6, 78, 46]), (_x, _y, z) => z > 62),
      tissue: TISSUE.fluid,
    },
    { shape: ellipsoid([11, -4, 58], [7, 26, 9]), tissue: TISSUE.fluid },
    { shape: ellipsoid([-11, -4, 58], [7, 26, 9]), tissue: TISSUE.fluid },
    { shape: ellipsoid([19, 4, 50], [11, 17, 11]), tissue: TISSUE.grey },
    { shape: ellipsoid([-19, 4, 50], [11, 17, 11]), tissue: TISSUE.grey },
    {
      shape: stack([
        [24, 0, 22, 16, 13],
        [4, 0, 24, 15, 13],
        [-14, 0, 33, 7, 7],
      ]),
      tissue: TISSUE.white,
    },
  ];
}

function face(random: Random): Layer[] {
  const layers: Layer[] = [
    {
      shape: stack([
        [28, 0, -44, 44, 34],
        [5, 0, -46, 42, 34],
        [-18, 0, -50, 32, 32],
      ]),
      tissue: TISSUE.connective,
    },
    {
      shape: stack([
        [10, 0, -52, 34, 34],
        [-20, 0, -58, 29, 27],
      ]),
      tissue: TISSUE.marrow,
    },
    { shape: ellipsoid([0, -55, 6], [17, 34, 24]), tissue: TISSUE.mucosa },
  ];
  const turbinate = random.between(3, 5);
  for (const side of [1, -1]) {
    layers.push(
      { shape: ellipsoid([side * 33, -58, 26], [21, 27, 19]), tissue: TISSUE.cortical },
      { shape: ellipsoid([side * 33, -60, 26], [18.5, 27, 16.5]), tissue: TISSUE.fat },
      { shape: capsule([side * 32, -62, 26], [side * 20, -34, 27], 2), tissue: TISSUE.mucosa },
      { shape: capsule([side * 25, -66, 28], [side * 19, -36, 27], 3), tissue: TISSUE.chewing },
      { shape: capsule([side * 42, -66, 28], [side * 22, -36, 27], 2.5), tissue: TISSUE.chewing },
      { shape: ellipsoid([side * 33, -72, 27], [12, 12, 12]), tissue: TISSUE.eye },
      { shape: ellipsoid([side * 33, -80, 27], [4.5, 2.2, 4.5]), tissue: TISSUE.lens },
      { shape: ellipsoid([side * 28, -52, -1], [13.5, 17, 15]), tissue: TISSUE.cortical },
      { shape: ellipsoid([side * 28, -52, -1], [12, 15.5, 13.5]), tissue: TISSUE.airway },
      { shape: ellipsoid([side * 6, -62, 2], [5, 30, 17]), tissue: TISSUE.airway },
      { shape: ellipsoid([side * 8, -58, -3], [turbinate, 20, 5]), tissue: TISSUE.mucosa },
      { shape: ellipsoid([side * 9, -76, 42], [9, 7, 10]), tissue: TISSUE.airway },
      { shape: capsule([side * 56, -38, 6], [side * 63, 2, 8], 3.4), tissue: TISSUE.cortical },
      { shape: capsule([side * 44, -60, 8], [side * 56, -38, 6], 4.5), tissue: TISSUE.cortical },
      { shape: ellipsoid([side * 58, 20, -2], [11, 15, 22]), tissue: TISSUE.cortical },
      { shape: ellipsoid([side * 58, 22, -2], [8.5, 12, 18]), tissue: TISSUE.marrow },
      { shape: capsule([side * 44, 14, 4], [side * 66, 10, 4], 3), tissue: TISSUE.airway },
      { shape: ellipsoid([side * 58, 22, -6], [4, 6, 7]), tissue: TISSUE.airway },
      { shape: ellipsoid([side * 60, -24, 22], [8, 24, 20]), tissue: TISSUE.chewing },
    );
  }
  layers.push(
    { shape: ellipsoid([0, -10, 14], [20, 16, 10]), tissue: TISSUE.cortical },
    { shape: ellipsoid([0, -12, 14], [12, 11, 7]), tissue: TISSUE.airway },
  );
  return layers;
}

function mouth(random: Random): Layer[] {
  const arch = (z: number, height: number, thickness: number, grow: number, backTo: number) =>
    horseshoe({ centre: [0, -42, z], radii: [29 + grow, 40 + grow], thickness, height, backTo });
  const jaw = (grow: number) =>
    horseshoe({
      centre: [0, -30, -52],
      radii: [46 + grow, 54 + grow],
      thickness: 9 + 2 * grow,
      height: 25 + 2 * grow,
      backTo: -16 + grow,
      rise: 0.22,
    });
  const layers: Layer[] = [
    { shape: ellipsoid([0, -42, -40], [44, 42, 34]), tissue: TISSUE.connective },
    { shape: ellipsoid([0, -48, -58], [26, 32, 12]), tissue: TISSUE.muscle },
    { shape: ellipsoid([0, -46, -36], [25, 33, 23]), tissue: TISSUE.tongue },
    { shape: arch(-12, 5, 60, -2, -20), tissue: TISSUE.cortical },
    { shape: ellipsoid([0, -46, -15.5], [20, 26, 2.2]), tissue: TISSUE.airway },
    { shape: jaw(0), tissue: TISSUE.cortical },
    { shape: jaw(-2), tissue: TISSUE.marrow },
    { shape: arch(-15, 10, 9, 0, -24), tissue: TISSUE.marrow },
    { shape: arch(-39, 9, 9, 0, -24), tissue: TISSUE.marrow },
  ];
  const toothless = random.chance(0.15);
  for (const z of toothless ? [] : [-21, -31]) {
    for (let i = 0; i < 14; i++) {
      if (random.chance(0.08)) continue;
      const angle = Math.PI * (1.08 + (0.84 * i) / 13);
      const x = 25.5 * Math.cos(angle);
      const y = -42 + 36.5 * Math.sin(angle);
      const wide = Math.abs(i - 6.5) > 3 ? 4.6 : 3.3;
      layers.push({ shape: ellipsoid([x, y, z], [wide, wide, 5.5]), tissue: TISSUE.tooth });
    }
  }
  for (const side of [1, -1]) {
    layers.push(
      { shape: ellipsoid([side * 57, -24, -24], [9, 20, 30]), tissue: TISSUE.chewing },
      { shape: ellipsoid([side * 36, -16, -14], [8, 15, 20]), tissue: TISSUE.chewing },
      { shape: capsule([side * 46, -18, -46], [side * 49, 0, 0], 5.5), tissue: TISSUE.cortical },
      { shape: capsule([side * 46, -18, -46], [side * 49, 0, 0], 3), tissue: TISSUE.marrow },
      { shape: capsule([side * 46, -26, -44], [side * 48, -22, 0], 4), tissue: TISSUE.cortical },
      { shape: capsule([side * 46, -26, -44], [side * 48, -22, 0], 2), tissue: TISSUE.marrow },
    );
  }
  return layers;
}

function headGlands(random: Random): Layer[] {
  const layers: Layer[] = [];
  const swell = random.between(0.85, 1.2);
  for (const side of [1, -1]) {
    const wobble = () => random.between(0.9, 1.12);
    layers.push({
      shape: blob([side * 58, 6, -20], [11 * wobble(), 16 * wobble(), 23 * wobble()], 0.2, random),
      tissue: TISSUE.parotid,
      over: SOFT,
    });
    layers.push({
      shape: ellipsoid([side * 30, -26, -68], [8.5 * wobble(), 14 * wobble(), 12 * wobble()]),
      tissue: TISSUE.submandibular,
      over: SOFT,
    });
    layers.push({
      shape: ellipsoid([side * 17, -9, -34], [6 * swell, 8 * wobble(), 11 * wobble()]),
      tissue: TISSUE.tonsil,
      over: SOFT,
    });
  }
  return layers;
}

/** What soft structures may be painted over: neither bone nor air nor the nervous system. */
export const SOFT: ReadonlySet<number> = new Set([
  TISSUE.fat,
  TISSUE.muscle,
  TISSUE.connective,
  TISSUE.mucosa,
  TISSUE.chewing,
  TISSUE.tongue,
  TISSUE.tonsil,
  TISSUE.parotid,
  TISSUE.submandibular,
  TISSUE.laryngeal,
  TISSUE.vessel,
  TISSUE.cartilage,
  TISSUE.thyroid,
  TISSUE.brownFat,
  TISSUE.reactiveNode,
]);
