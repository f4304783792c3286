import { resampleVolume, type KernelRunner } from '@hecktor/preprocessing';
import {
  componentRuns,
  toVec3,
  worldToVoxel,
  type NumericVoxelArray,
  type Volume,
} from '@hecktor/volume';
import { Type, type Static } from 'typebox';
import { cropLabels, targetVoxels, type Target } from '../targets.ts';
import { canonicalName, RADIOMICS_PARAMS_SCHEMA } from './params.ts';
import { radiomics } from './radiomics.ts';
import { boxMask } from './region.ts';

/** Least volume of a lesion in mm3, a PET voxel of 4 mm, as for the features `mask.*`. */
const LEAST_LESION = 64;

/** A radiomics extraction of a recipe. */
export const RADIOMICS_SCHEMA = Type.Object(
  {
    image: Type.String({ minLength: 1, description: 'The image: `ct`, `pet` or one of `inputs`.' }),
    grid: Type.Optional(
      Type.Enum(['image', 'mask'], {
        default: 'image',
        description:
          'Where image and mask meet, if the settings resample neither: `image`, the mask goes onto ' +
          "the image by nearest neighbour (PyRadiomics' `correctMask`); `mask`, the image goes onto " +
          'the mask, which lies on the CT.',
      }),
    ),
    interpolation: Type.Optional(
      Type.Enum(['bspline', 'linear', 'nearest'], {
        description: 'How the image goes onto the mask; `linear` by default.',
      }),
    ),
    params: Type.Optional(RADIOMICS_PARAMS_SCHEMA),
  },
  {
    additionalProperties: false,
    description:
      'Features of PyRadiomics of one image with one set of settings, as `radiomics.<name>.<target>.' +
      '<feature>`.',
  },
);

export type RadiomicsEntry = Static<typeof RADIOMICS_SCHEMA>;

/** The parts of a feature's name. */
export interface RadiomicsName {
  readonly entry: string;
  readonly target: Target;
  /** Its rank by size among the target's lesions, from 1; absent: the whole target. */
  readonly lesion?: number;
  /** PyRadiomics' name. */
  readonly feature: string;
}

const NAME = /^radiomics\.([\w-]+)\.(GTVp|GTVn|GTV)(?:#([1-9]\d*))?\.([\w-]+)$/;

/** Reads `radiomics.<entry>.<target>[#<lesion>].<feature>`; undefined for other names. */
export function parseRadiomicsName(name: string): RadiomicsName | undefined {
  const [, entry, target, lesion, feature] = NAME.exec(name) ?? [];
  if (entry === undefined) return undefined;
  const parts = { entry, target: target as Target, feature: feature! };
  return lesion === undefined ? parts : { ...parts, lesion: Number(lesion) };
}

/** Options of {@link targetRadiomics}. */
export interface TargetRadiomicsOptions {
  /** 0 background, 1 GTVp, 2 GTVn. */
  readonly labels: Volume<Uint8Array>;
  /** Images by name; features of one that is absent do not exist. */
  readonly images: Readonly<Record<string, Volume<NumericVoxelArray> | undefined>>;
  readonly entries: Readonly<Record<string, RadiomicsEntry>>;
  /** The features wanted. */
  readonly names: readonly string[];
  readonly run?: KernelRunner | undefined;
}

/**
 * Radiomics of GTVp, GTVn and both (`GTV`), or of their 26-connected lesions of at least 64 mm3,
 * largest first: `radiomics.pet.GTVn#1.original_shape_MeshVolume`.
 */
export async function targetRadiomics(
  options: TargetRadiomicsOptions,
): Promise<Record<string, number>> {
  const { labels, images, entries, names, run } = options;
  const features: Record<string, number> = {};
  const tumours = cropLabels(labels);
  if (tumours === undefined) return features;
  const start = toVec3(worldToVoxel(labels, tumours.origin).map(Math.round));
  for (const [entry, { image: name, grid, interpolation, params = {} }] of Object.entries(
    entries,
  )) {
    const regions = groupByRegion(names, entry);
    let image = images[name];
    if (image === undefined || regions.size === 0) continue;
    if (grid === 'mask') {
      const how = { name, interpolation: interpolation ?? 'linear', run };
      image = await resampleVolume(image, labels, how);
    }
    for (const [region, wanted] of regions) {
      const { target, lesion } = wanted[0]!;
      const { mask: whole } = targetVoxels(tumours, target);
      const data = lesion === undefined ? whole.data : lesionData(whole, lesion);
      const mask = data && boxMask(data, whole.size, start);
      if (mask === undefined) continue;
      const only = new Set(wanted.map(({ feature }) => feature));
      const found = await radiomics({ image, name, grid: labels, mask, params, only, run });
      for (const feature of only) {
        const value = found[canonicalName(feature)];
        if (value !== undefined) features[`radiomics.${entry}.${region}.${feature}`] = value;
      }
    }
  }
  return features;
}

/** The names of one entry by target and lesion, e.g. `GTVn#1`. */
function groupByRegion(names: readonly string[], entry: string): Map<string, RadiomicsName[]> {
  const regions = new Map<string, RadiomicsName[]>();
  for (const name of names) {
    const parts = parseRadiomicsName(name);
    if (parts?.entry !== entry) continue;
    const { target, lesion } = parts;
    const region = lesion === undefined ? target : `${target}#${lesion}`;
    regions.set(region, [...(regions.get(region) ?? []), parts]);
  }
  return regions;
}

/** The mask of a target's n-th largest lesion, the first in scan order of equals. */
function lesionData(
  { data, size, spacing }: Volume<Uint8Array>,
  rank: number,
): Uint8Array | undefined {
  const { starts, ends, labels, voxels } = componentRuns(data, size, 1, 26);
  const least = (LEAST_LESION / (spacing[0] * spacing[1] * spacing[2])) * (1 - 1e-9);
  const order = [...voxels.keys()]
    .filter((i) => voxels[i]! >= least)
    .sort((a, b) => voxels[b]! - voxels[a]!);
  const wanted = order[rank - 1];
  if (wanted === undefined) return undefined;
  const out = new Uint8Array(data.length);
  labels.forEach((label, run) => {
    if (label === wanted + 1) out.fill(1, starts[run], ends[run]);
  });
  return out;
}
