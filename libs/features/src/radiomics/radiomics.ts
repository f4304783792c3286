import { HecktorError } from '@hecktor/errors';
import type { KernelRunner } from '@hecktor/preprocessing';
import type { Grid, NumericVoxelArray, Volume } from '@hecktor/volume';
import { firstOrder } from './first-order.ts';
import type { FeatureClass } from './feature-names.ts';
import { glcm } from './glcm.ts';
import { gldm } from './gldm.ts';
import { glrlm } from './glrlm.ts';
import { glszm } from './glszm.ts';
import { greyLevels } from './grey-levels.ts';
import { laplacianOfGaussian } from './laplacian-of-gaussian.ts';
import { ngtdm } from './ngtdm.ts';
import {
  canonicalName,
  imageName,
  imageTypesOf,
  logName,
  settingsOf,
  wantedClasses,
} from './params.ts';
import type { RadiomicsParams, Settings } from './params.ts';
import { prepare, type Prepared } from './prepare.ts';
import { valuesInside, type BoxMask, type RegionValues } from './region.ts';
import { shape } from './shape.ts';
import { gradientImage, largestValue, valueImage } from './value-images.ts';
import { waveletImages } from './wavelet.ts';

/** Options of {@link radiomics}. */
export interface RadiomicsOptions {
  readonly image: Volume<NumericVoxelArray>;
  /** For errors. */
  readonly name?: string;
  /** The grid of the mask, and the mask on its box; see {@link boxMask}. */
  readonly grid: Grid;
  readonly mask: BoxMask;
  readonly params?: RadiomicsParams;
  /** The features wanted of those that the settings ask for; all of them by default. */
  readonly only?: ReadonlySet<string>;
  /** Runs the resampling's jobs in other threads. */
  readonly run?: KernelRunner | undefined;
}

/**
 * The features that PyRadiomics 3.0.1 works out of an image inside a mask with the same settings, by
 * its names (`original_glcm_JointEnergy`). Where it refuses a mask (a single voxel, say), there are
 * none; a value that is not a finite number is left out.
 *
 * @throws HecktorError IMAGE_NOT_FINITE for NaN or infinity in the image where it matters.
 */
export async function radiomics(options: RadiomicsOptions): Promise<Record<string, number>> {
  const { image, grid, mask, params = {}, only } = options;
  const prepared = await prepare(image, grid, mask, settingsOf(params), options);
  if (prepared === undefined) return {};
  const isWanted = wantedBy(params, only);
  const features: Record<string, number> = {};
  const add = (prefix: string, name: FeatureClass, values: () => Record<string, number>): void => {
    if (!isWanted.some(prefix, name)) return;
    for (const [feature, value] of Object.entries(values())) {
      const full = `${prefix}_${name}_${feature}`;
      if (isWanted.one(full) && Number.isFinite(value)) features[full] = value;
    }
  };
  add('original', 'shape', () => shape(prepared.shape, prepared.image.grid.spacing));
  const images = derivedImages(prepared, params, isWanted.some, options.name ?? 'image');
  for (const { name, region, settings } of images) {
    const { spacing } = region;
    const grey = greyLevels(region, settings);
    add(name, 'firstorder', () => firstOrder(region, grey, settings));
    add(name, 'glcm', () => glcm(grey, spacing, settings, isWanted.one(`${name}_glcm_MCC`)));
    add(name, 'glrlm', () => glrlm(grey, spacing, settings));
    add(name, 'glszm', () => glszm(grey, settings));
    add(name, 'gldm', () => gldm(grey, settings));
    add(name, 'ngtdm', () => ngtdm(grey, settings));
  }
  return features;
}

/** Tells whether a feature is wanted, and whether any is of an image, or of a class of an image. */
function wantedBy(params: RadiomicsParams, only: ReadonlySet<string> | undefined) {
  const classes = wantedClasses(params);
  const names = only && new Set([...only].map(canonicalName));
  const asked = (full: string): boolean => {
    const [, name, feature] = full.split('_') as [string, FeatureClass, string];
    return classes.get(name)?.includes(feature) ?? false;
  };
  return {
    one: (full: string): boolean => asked(full) && (names?.has(full) ?? true),
    some: (prefix: string, name?: FeatureClass): boolean => {
      const start = `${prefix}_${name === undefined ? '' : `${name}_`}`;
      if (name !== undefined && !classes.has(name)) return false;
      return names === undefined || [...names].some((full) => full.startsWith(start));
    },
  };
}

interface DerivedImage {
  readonly name: string;
  readonly region: RegionValues;
  readonly settings: Settings;
}

/** The images that settings ask for, inside the mask. */
function* derivedImages(
  { image, mask }: Prepared,
  params: RadiomicsParams,
  isWanted: (name: string) => boolean,
  source: string,
): Generator<DerivedImage> {
  const regionOf = (data: Float64Array, single: boolean): RegionValues => {
    const values = valuesInside(data, mask);
    // The image itself is finite inside the mask; filters see beyond it.
    if (!values.every(Number.isFinite)) {
      throw new HecktorError('IMAGE_NOT_FINITE', {
        detail: `the image "${source}" holds NaN or infinite values where a filter of radiomics needs it`,
      });
    }
    const { spacing } = image.grid;
    return { box: mask.size, mask: mask.data, values, spacing, single };
  };
  const single = image.type === 'float32';
  let largest: number | undefined;
  for (const type of imageTypesOf(params)) {
    const settings = settingsOf(params, type);
    switch (type) {
      case 'Original':
        if (!isWanted('original')) break;
        yield { name: 'original', settings, region: regionOf(image.read(mask), single) };
        break;
      case 'LoG':
        for (const sigma of settings.sigma) {
          const name = logName(sigma);
          const values = isWanted(name) ? laplacianOfGaussian(image, mask, sigma) : undefined;
          if (values === undefined) continue;
          yield { name, settings, region: regionOf(values, true) };
        }
        break;
      case 'Wavelet':
        for (const [name, values] of waveletImages(image, mask, settings)) {
          if (isWanted(name)) yield { name, settings, region: regionOf(values, single) };
        }
        break;
      case 'Gradient':
        if (!isWanted('gradient')) break;
        yield {
          ...{ name: 'gradient', settings },
          region: regionOf(gradientImage(image, mask, settings.gradientUseSpacing), true),
        };
        break;
      default: {
        const name = imageName(type);
        if (!isWanted(name)) break;
        largest ??= largestValue(image);
        yield { name, settings, region: regionOf(valueImage(image, mask, type, largest), false) };
      }
    }
  }
}
