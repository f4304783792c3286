import { toVec3, type Vec3 } from '@hecktor/volume';
import type { Random } from '../random.ts';
import { blob } from './blob.ts';
import { SOFT } from './head.ts';
import { drawNodeCentre, drawPrimaryCentre, farEnough, stretch } from './lesions.ts';
import type { Lesion, Lesions, TumourSite } from './lesions.ts';
import type { Layer } from './paint.ts';
import { ellipsoid } from './shape.ts';
import { MAX_NODES, TISSUE } from './tissue.ts';

/** One lesion as it is asked for. */
export interface WantedLesion {
  readonly millilitres: number;
  /** Uptake of the living part, SUV. */
  readonly suv: number;
  /** How dented the surface is: 0 smooth, 0.5 ragged. */
  readonly roughness: number;
  /** Radius of the core without uptake as a share of the lesion's: 0 solid, 0.8 a cyst. */
  readonly core: number;
}

/** A disease that is prescribed instead of drawn; only where exactly lesions lie is drawn. */
export interface Disease {
  readonly site: TumourSite;
  readonly primary: WantedLesion;
  /** At most ten; one that finds no free place is left out. */
  readonly nodes: readonly WantedLesion[];
}

/** Places the lesions of a prescribed disease. */
export function placeDisease(random: Random, disease: Disease): Lesions {
  const layers: Layer[] = [];
  const side = random.pick([1, -1]);
  const primary = toLesion(disease.primary, drawPrimaryCentre(random, disease.site, side), random);
  layers.push(...grow(primary, disease.primary, TISSUE.tumour, TISSUE.tumourCore, random));
  const nodes: Lesion[] = [];
  for (const wanted of disease.nodes.slice(0, MAX_NODES)) {
    for (let attempt = 0; attempt < 20; attempt++) {
      const centre = drawNodeCentre(random, side, radiusOf(wanted.millilitres));
      const node = toLesion(wanted, centre, random);
      const free = farEnough(node, primary, 6) && nodes.every((other) => farEnough(node, other, 4));
      if (!free) continue;
      const i = nodes.length;
      nodes.push(node);
      layers.push(...grow(node, wanted, TISSUE.node + i, TISSUE.nodeCore + i, random));
      break;
    }
  }
  return { site: disease.site, primary, nodes, layers };
}

function radiusOf(millilitres: number): number {
  return 10 * Math.cbrt((3 * millilitres) / (4 * Math.PI));
}

function toLesion(wanted: WantedLesion, centre: Vec3, random: Random): Lesion {
  return {
    centre,
    radii: stretch(radiusOf(wanted.millilitres), random),
    necrotic: wanted.core > 0,
    suv: wanted.suv,
  };
}

function grow(
  lesion: Lesion,
  wanted: WantedLesion,
  rim: number,
  core: number,
  random: Random,
): Layer[] {
  const body = blob(lesion.centre, lesion.radii, wanted.roughness, random);
  const layers: Layer[] = [{ shape: body, tissue: rim, over: SOFT }];
  if (wanted.core > 0) {
    const radii = toVec3(lesion.radii.map((r) => r * wanted.core));
    layers.push({ shape: ellipsoid(lesion.centre, radii), tissue: core, over: new Set([rim]) });
  }
  return layers;
}
