import type { Vec3 } from '@hecktor/volume';
import type { Random } from '../random.ts';
import { blob } from './blob.ts';
import { SOFT } from './head.ts';
import type { Layer } from './paint.ts';
import { ellipsoid } from './shape.ts';
import { MAX_NODES, TISSUE } from './tissue.ts';

/** Where a primary tumour sits. */
export type TumourSite = 'oropharynx' | 'hypopharynx' | 'larynx' | 'oral cavity' | 'nasopharynx';

/** A lesion as drawn: body coordinates, mm. */
export interface Lesion {
  readonly centre: Vec3;
  readonly radii: Vec3;
  readonly necrotic: boolean;
  /** Uptake of the living part, SUV. */
  readonly suv: number;
}

/** All that grows in one patient. */
export interface Lesions {
  readonly site: TumourSite | undefined;
  readonly primary: Lesion | undefined;
  readonly nodes: readonly Lesion[];
  readonly layers: readonly Layer[];
}

/** Centres for a tumour of the patient's left side; the right side is mirrored. */
const SITES: Readonly<Record<TumourSite, readonly Vec3[]>> = {
  oropharynx: [
    [20, -12, -36],
    [10, -24, -52],
    [22, -16, -28],
  ],
  hypopharynx: [
    [19, -10, -86],
    [8, 2, -94],
  ],
  larynx: [
    [10, -24, -90],
    [9, -26, -80],
  ],
  'oral cavity': [
    [18, -50, -40],
    [22, -40, -48],
    [10, -62, -46],
  ],
  nasopharynx: [
    [11, -4, 0],
    [14, -8, -6],
  ],
};

/** Node levels II, III, IV, V, Ib, retropharyngeal, with how often each is hit. */
const LEVELS: readonly { centre: Vec3; weight: number }[] = [
  { centre: [38, -6, -52], weight: 0.42 },
  { centre: [36, -8, -88], weight: 0.25 },
  { centre: [34, -10, -128], weight: 0.13 },
  { centre: [48, 26, -92], weight: 0.1 },
  { centre: [26, -46, -70], weight: 0.06 },
  { centre: [20, 4, -24], weight: 0.04 },
];

/** Draws a primary tumour and the involved nodes. */
export function drawLesions(
  random: Random,
  wanted: { site?: TumourSite; nodes?: number; primary?: boolean },
): Lesions {
  const layers: Layer[] = [];
  const side = random.pick([1, -1]);
  let site: TumourSite | undefined;
  let primary: Lesion | undefined;
  if (wanted.primary !== false) {
    site = wanted.site ?? drawSite(random);
    const [x, y, z] = random.pick(SITES[site]);
    const millilitres = Math.exp(random.between(Math.log(7), Math.log(42)));
    const radius = 10 * Math.cbrt((3 * millilitres) / (4 * Math.PI));
    primary = {
      centre: [
        side * x + random.between(-3, 3),
        y + random.between(-3, 3),
        z + random.between(-5, 5),
      ],
      radii: stretch(radius, random),
      necrotic: millilitres > 14 && random.chance(0.35),
      suv: random.between(6.5, 17),
    };
    layers.push(...grow(primary, TISSUE.tumour, TISSUE.tumourCore, 0.38, random));
  }
  const count = Math.min(MAX_NODES, wanted.nodes ?? random.pick([0, 1, 1, 2, 2, 2, 3, 3, 4, 5]));
  const nodes: Lesion[] = [];
  for (let attempt = 0; nodes.length < count && attempt < 60; attempt++) {
    const node = drawNode(random, side);
    if (nodes.some((other) => distance(other.centre, node.centre) < 16)) continue;
    if (primary && distance(primary.centre, node.centre) < 14 + Math.max(...primary.radii))
      continue;
    const i = nodes.length;
    nodes.push(node);
    layers.push(...grow(node, TISSUE.node + i, TISSUE.nodeCore + i, 0.14, random));
  }
  return { site, primary, nodes, layers };
}

function grow(lesion: Lesion, rim: number, core: number, rough: number, random: Random): Layer[] {
  const layers: Layer[] = [
    { shape: blob(lesion.centre, lesion.radii, rough, random), tissue: rim, over: SOFT },
  ];
  if (lesion.necrotic) {
    const part = random.between(0.45, 0.62);
    const [rx, ry, rz] = lesion.radii;
    layers.push({
      shape: ellipsoid(lesion.centre, [rx * part, ry * part, rz * part]),
      tissue: core,
      over: new Set([rim]),
    });
  }
  return layers;
}

function drawNode(random: Random, tumourSide: number): Lesion {
  const side = random.chance(0.7) ? tumourSide : -tumourSide;
  let ticket = random.next();
  const level = LEVELS.find(({ weight }) => (ticket -= weight) < 0) ?? LEVELS[0]!;
  const millilitres = Math.exp(random.between(Math.log(0.7), Math.log(15)));
  const radius = 10 * Math.cbrt((3 * millilitres) / (4 * Math.PI));
  const [x, y, z] = level.centre;
  return {
    centre: [
      side * (x + radius * 0.2) + random.between(-3, 3),
      y + random.between(-5, 5),
      z + random.between(-12, 12),
    ],
    radii: stretch(radius, random),
    necrotic: millilitres > 5 && random.chance(0.4),
    suv: random.between(4.5, 13),
  };
}

/** Three radii of the same product, up to 15% apart. */
export function stretch(radius: number, random: Random): Vec3 {
  const x = random.between(0.85, 1.1);
  const y = random.between(0.85, 1.15);
  return [radius * x, radius * y, radius / (x * y)];
}

/** A centre for a primary tumour of this site. */
export function drawPrimaryCentre(random: Random, site: TumourSite, side: number): Vec3 {
  const [x, y, z] = random.pick(SITES[site]);
  return [side * x + random.between(-3, 3), y + random.between(-3, 3), z + random.between(-5, 5)];
}

/** A centre for a node of this radius, on the tumour's side in seven of ten. */
export function drawNodeCentre(random: Random, tumourSide: number, radius: number): Vec3 {
  const side = random.chance(0.7) ? tumourSide : -tumourSide;
  let ticket = random.next();
  const level = LEVELS.find(({ weight }) => (ticket -= weight) < 0) ?? LEVELS[0]!;
  const [x, y, z] = level.centre;
  return [
    side * (x + radius * 0.2) + random.between(-3, 3),
    y + random.between(-5, 5),
    z + random.between(-12, 12),
  ];
}

/** Whether two lesions are apart by more than `gap` mm, taken as balls. */
export function farEnough(a: Lesion, b: Lesion, gap: number): boolean {
  return distance(a.centre, b.centre) > Math.max(...a.radii) + Math.max(...b.radii) + gap;
}

function drawSite(random: Random): TumourSite {
  const ticket = random.next();
  if (ticket < 0.58) return 'oropharynx';
  if (ticket < 0.74) return 'hypopharynx';
  if (ticket < 0.86) return 'larynx';
  return ticket < 0.94 ? 'oral cavity' : 'nasopharynx';
}

function distance(a: Vec3, b: Vec3): number {
  return Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
}
