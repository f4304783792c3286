import { createGrid, createVolume, type Grid, type Vec3, type Volume } from '@hecktor/volume';
import { createRandom, type Random } from '../random.ts';
import { drawClinicalRecord, type ClinicalRecord } from './clinical.ts';
import { headLayers, SOFT } from './head.ts';
import { placeDisease, type Disease } from './disease.ts';
import { drawLesions, type Lesions, type TumourSite } from './lesions.ts';
import { neckLayers, trunkLayers } from './neck.ts';
import { paint, type Layer } from './paint.ts';
import { planTherapy, type Planning } from './planning.ts';
import { drawPose, type Pose } from './pose.ts';
import { scanCt } from './scan-ct.ts';
import { activityGrid, scanPet } from './scan-pet.ts';
import { capsule, ellipsoid, stack } from './shape.ts';
import { APPEARANCE, MAX_NODES, TISSUE } from './tissue.ts';

/** What can be asked of {@link createPhantom}; whatever is left out is drawn from the seed. */
export interface PhantomOptions {
  /** CT matrix in plane and its voxel size, mm. Default 512 at 0.9765625 mm. */
  readonly ct?: { readonly matrix?: number; readonly spacing?: number; readonly slice?: number };
  /**
   * PET matrix in plane and its voxel sizes, mm. Default 168 at 4.07 or 128 at 5.47 mm. `detail` is
   * the step at which activity is painted before it is blurred, default 2 mm.
   */
  readonly pet?: {
    readonly matrix?: number;
    readonly spacing?: number;
    readonly slice?: number;
    readonly detail?: number;
  };
  /** Site of the primary tumour. */
  readonly site?: TumourSite;
  /** False: no primary tumour. */
  readonly primary?: boolean;
  /** Number of involved nodes, 0 to 10. */
  readonly nodes?: number;
  /** Dental metal with streaks. Default in one of four patients. */
  readonly metal?: boolean;
  /** Lesions as prescribed; `site`, `primary` and `nodes` are then not looked at. */
  readonly disease?: Disease;
  /** True: also a planning CT and a dose. Nothing else changes by it. */
  readonly planning?: boolean;
}

/** A synthetic patient. CT and PET share the world but neither grid nor field of view. */
export interface Phantom {
  readonly ct: Volume<Int16Array>;
  /** SUV. */
  readonly pet: Volume<Float32Array>;
  /** On the CT's grid: 0 background, 1 GTVp, 2 GTVn. */
  readonly labels: Volume<Uint8Array>;
  readonly ehr: ClinicalRecord;
  readonly site: TumourSite | undefined;
  readonly nodeCount: number;
  /** The lesions as drawn. */
  readonly lesions: Lesions;
  /** With the option `planning`. */
  readonly planning?: Planning;
}

/**
 * Makes a head-and-neck FDG-PET/CT patient from a seed: the same seed and options give the same
 * voxels everywhere. Uptake of brain, tonsils, glands, larynx, chewing muscles and at times brown
 * fat must be told from the tumour's.
 */
export function createPhantom(seed: number, options: PhantomOptions = {}): Phantom {
  const random = createRandom(seed);
  const pose = drawPose(random);
  const lesions =
    options.disease === undefined
      ? drawLesions(random, options)
      : placeDisease(random, options.disease);
  const metal = options.metal ?? random.chance(0.25);
  const layers = [
    ...equipment(),
    ...trunkLayers(random),
    ...headLayers(random),
    ...neckLayers(random),
    ...distractors(random),
    ...(metal ? fillings(random) : []),
    ...lesions.layers,
  ];
  const top = 150 * pose.scale[2] + pose.height;
  const bottom = random.between(-255, -215) * pose.scale[2] + pose.height;
  const ctGrid = drawGrid(random, bottom, top + random.between(0, 12), {
    matrix: options.ct?.matrix ?? 512,
    spacing: options.ct?.spacing ?? 0.9765625,
    slice: options.ct?.slice ?? random.pick([2.5, 3, 3, 3.27]),
  });
  const wide = random.chance(0.5);
  const petGrid = drawGrid(random, bottom - random.between(0, 30), top + random.between(-6, 20), {
    matrix: options.pet?.matrix ?? (wide ? 128 : 168),
    spacing: options.pet?.spacing ?? (wide ? 5.46875 : 4.07283),
    slice: options.pet?.slice ?? (wide ? 3.27 : 3),
  });
  const tissues = paint(ctGrid, pose, layers);
  const ct = scanCt(ctGrid, tissues, { noise: random.between(7, 13), metal }, random);
  const pet = pretendPet(petGrid, pose, layers, lesions, options.pet?.detail, random);
  return {
    ct,
    pet,
    labels: createVolume(ctGrid, toLabels(tissues)),
    ehr: drawClinicalRecord(random),
    site: lesions.site,
    nodeCount: lesions.nodes.length,
    lesions,
    ...(options.planning === true
      ? { planning: planTherapy(seed, ct, { pose, layers, metal }) }
      : {}),
  };
}

function toLabels(tissues: Uint8Array): Uint8Array {
  return tissues.map((tissue) => {
    if (tissue < TISSUE.tumour) return 0;
    return tissue < TISSUE.node ? 1 : 2;
  });
}

function pretendPet(
  grid: Grid,
  pose: Pose,
  layers: readonly Layer[],
  lesions: Lesions,
  detail: number | undefined,
  random: Random,
): Volume<Float32Array> {
  const suv = new Float32Array(256);
  for (const [tissue, look] of APPEARANCE) {
    suv[tissue] = look.suv * Math.max(0.3, 1 + look.spread * random.normal());
  }
  suv[TISSUE.tumour] = lesions.primary?.suv ?? 0;
  suv[TISSUE.tumourCore] = random.between(1, 2.2);
  for (let i = 0; i < MAX_NODES; i++) {
    suv[TISSUE.node + i] = lesions.nodes[i]?.suv ?? 0;
    suv[TISSUE.nodeCore + i] = random.between(0.8, 1.8);
  }
  const low = grid.origin[2] - 12;
  const high = grid.origin[2] + grid.size[2] * grid.spacing[2] + 12;
  const painted = activityGrid([-240, -150, low], [240, 170, high], detail);
  return scanPet(
    grid,
    { grid: painted, tissues: paint(painted, pose, layers), suv },
    { fwhm: random.between(5.4, 6.8), noise: random.between(0.1, 0.2) },
    random,
  );
}

/** A grid around the patient whose corner is nowhere round. */
function drawGrid(
  random: Random,
  bottom: number,
  top: number,
  voxels: { matrix: number; spacing: number; slice: number },
): Grid {
  const { matrix, spacing, slice } = voxels;
  const corner = (-(matrix - 1) * spacing) / 2;
  const size: Vec3 = [matrix, matrix, Math.round((top - bottom) / slice)];
  const origin: Vec3 = [corner + random.between(-6, 6), corner + random.between(-4, 14), bottom];
  return createGrid(size, { spacing: [spacing, spacing, slice], origin });
}

/** The table and the headrest, under the patient. */
function equipment(): Layer[] {
  const table = (grow: number) =>
    stack(
      [
        [400, 0, 143, 205 - grow, 16 - grow],
        [-500, 0, 143, 205 - grow, 16 - grow],
      ],
      4,
    );
  const cradle = (grow: number) => ({
    lower: [-105, 20, -120] as Vec3,
    upper: [105, 125, 110] as Vec3,
    at: (z: number) =>
      z < -110 || z > 100
        ? undefined
        : (x: number, y: number) => {
            const r = Math.hypot(x, y - 4);
            return y > 34 && r > 103 + grow && r < 116 - grow;
          },
  });
  return [
    { shape: table(0), tissue: TISSUE.tableShell },
    { shape: table(2.5), tissue: TISSUE.foam },
    { shape: cradle(0), tissue: TISSUE.tableShell },
    { shape: cradle(2), tissue: TISSUE.foam },
  ];
}

/** Benign uptake that is not in every patient: reactive nodes, brown fat. */
function distractors(random: Random): Layer[] {
  const layers: Layer[] = [];
  const count = random.integer(0, 4);
  for (let i = 0; i < count; i++) {
    const side = random.pick([1, -1]);
    const r = random.between(3, 5);
    layers.push({
      shape: ellipsoid(
        [side * random.between(32, 46), random.between(-12, 20), random.between(-115, -45)],
        [r, r, r * 1.5],
      ),
      tissue: TISSUE.reactiveNode,
      over: SOFT,
    });
  }
  if (random.chance(0.2)) {
    for (const side of [1, -1]) {
      layers.push({
        shape: capsule([side * 58, 22, -140], [side * 100, 12, -172], random.between(6, 10)),
        tissue: TISSUE.brownFat,
        over: new Set([TISSUE.fat, TISSUE.connective]),
      });
    }
  }
  return layers;
}

function fillings(random: Random): Layer[] {
  return Array.from({ length: random.integer(1, 3) }, () => {
    const side = random.pick([1, -1]);
    const centre: Vec3 = [side * random.between(22, 26), random.between(-52, -44), -24];
    return { shape: ellipsoid(centre, [3, 3, 2.5]), tissue: TISSUE.metal };
  });
}
