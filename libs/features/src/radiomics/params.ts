import { Type, type Static, type TArray, type TSchema, type TString } from 'typebox';
import { FEATURE_CLASSES, WITHOUT_VALUE, type FeatureClass } from './feature-names.ts';
import { WAVELET_NAMES, type WaveletName } from './wavelet-filters.ts';

const closed = { additionalProperties: false } as const;

/** YAML's `null`, which leaves a setting at its default. */
function nullable<T extends TSchema>(schema: T) {
  const { type } = schema as { type?: string };
  const plain = { ...schema, type: [type, 'null'] };
  return Type.Optional(Type.Unsafe<Static<T> | null>(plain));
}

const above0 = (description: string) => nullable(Type.Number({ exclusiveMinimum: 0, description }));
const flag = (description: string) => nullable(Type.Boolean({ description }));
const from = (minimum: number, description: string, maximum?: number) =>
  nullable(Type.Integer({ minimum, ...(maximum !== undefined && { maximum }), description }));
const unused = Type.Optional(Type.Unknown({ description: 'Without effect here.' }));

/** Interpolators of SimpleITK by name and by number. */
export const INTERPOLATORS = {
  sitkNearestNeighbor: 'nearest',
  sitkLinear: 'linear',
  sitkBSpline: 'bspline',
  1: 'nearest',
  2: 'linear',
  3: 'bspline',
} as const;

/** Of a lesion. Matrices of more take hundreds of megabytes. */
export const MOST_LEVELS = 8192;

/** PyRadiomics' `setting`, which `imageType` may repeat for one kind of image. */
const RADIOMICS_SETTING_SCHEMA = Type.Object(
  {
    binWidth: above0('Width of a grey level; 25 by default.'),
    binCount: from(1, 'Number of grey levels, in place of `binWidth`.', MOST_LEVELS),
    resampledPixelSpacing: nullable(
      Type.Array(Type.Number({ minimum: 0 }), {
        minItems: 3,
        maxItems: 3,
        description: 'mm along x, y, z; 0 keeps the spacing of the mask. `null`: no resampling.',
      }),
    ),
    interpolator: Type.Optional(
      Type.Unsafe<keyof typeof INTERPOLATORS | null>({
        enum: ['sitkNearestNeighbor', 'sitkLinear', 'sitkBSpline', 1, 2, 3, null],
        description: 'Of the image; `sitkBSpline` by default. `null`: no resampling.',
      }),
    ),
    padDistance: from(0, 'Voxels around the mask that resampling and `preCrop` leave; 5.'),
    preCrop: flag('Whether filters see no more than the mask and `padDistance`.'),
    normalize: flag('Whether the whole image is first brought to mean 0 and deviation 1.'),
    normalizeScale: nullable(
      Type.Number({
        exclusiveMinimum: 0,
        maximum: 1e6,
        description: 'Then multiplied by this; 1.',
      }),
    ),
    removeOutliers: above0('Before that, values are limited to so many deviations.'),
    resegmentRange: nullable(
      Type.Array(Type.Number(), {
        minItems: 1,
        maxItems: 2,
        description: 'Voxels of the mask below the lower and above the upper value are left out.',
      }),
    ),
    resegmentMode: nullable(
      Type.Unsafe<'absolute' | 'relative' | 'sigma'>({
        type: 'string',
        enum: ['absolute', 'relative', 'sigma', null],
        description: 'What the range counts in: values, shares of the largest, deviations.',
      }),
    ),
    resegmentShape: flag('Whether the features `shape` are those of what is left.'),
    minimumROIDimensions: from(1, 'Axes along which a mask must have two voxels; 2.'),
    minimumROISize: from(1, 'Masks of at most so many voxels have no features.'),
    distances: nullable(
      Type.Array(Type.Integer({ minimum: 1, maximum: 32 }), {
        minItems: 1,
        description: 'Of neighbours in glcm, gldm and ngtdm, in voxels; [1].',
      }),
    ),
    force2D: flag('Whether neighbours are sought within slices alone.'),
    force2Ddimension: nullable(
      Type.Integer({ minimum: 0, maximum: 2, description: 'Across slices: 0 z, 1 y, 2 x.' }),
    ),
    weightingNorm: nullable(
      Type.Unsafe<'infinity' | 'euclidean' | 'manhattan' | 'no_weighting'>({
        type: 'string',
        enum: ['infinity', 'euclidean', 'manhattan', 'no_weighting', null],
        description: 'Sums the glcm and glrlm of all directions, weighted by distance.',
      }),
    ),
    symmetricalGLCM: flag('Whether neighbours count both ways; `true` by default.'),
    gldm_a: from(0, 'Largest difference of dependent grey levels; 0.'),
    voxelArrayShift: nullable(
      Type.Integer({
        ...{ minimum: -1e6, maximum: 1e6 },
        description: 'Added to values for Energy, TotalEnergy and RootMeanSquared.',
      }),
    ),
    sigma: nullable(Type.Array(Type.Number({ minimum: 0.1 }), { description: 'mm, of `LoG`.' })),
    wavelet: nullable(
      Type.Unsafe<WaveletName>({
        type: 'string',
        enum: [...WAVELET_NAMES, null],
        description: 'Of `Wavelet`; `coif1` by default.',
      }),
    ),
    level: from(1, 'Levels of `Wavelet`; 1.', 8),
    gradientUseSpacing: flag('Whether `Gradient` is by mm, else by voxel; `true` by default.'),
    start_level: from(0, 'Levels of `Wavelet` that are left out; 0.', 8),
    ...Object.fromEntries(
      [
        ...['label', 'label_channel', 'correctMask', 'geometryTolerance', 'additionalInfo'],
        ...['lbp2DRadius', 'lbp2DSamples', 'lbp2DMethod', 'lbp3DLevels'],
        ...['lbp3DIcosphereRadius', 'lbp3DIcosphereSubdivision'],
      ].map((name) => [name, unused]),
    ),
  },
  { ...closed, description: "PyRadiomics' settings. What is left out has its default." },
);

const ofImage = nullable(
  Type.Object(RADIOMICS_SETTING_SCHEMA.properties, {
    ...closed,
    description: 'Settings for this kind of image alone.',
  }),
);

/** The content of PyRadiomics' `params.yaml`. */
export const RADIOMICS_PARAMS_SCHEMA = Type.Object(
  {
    setting: Type.Optional(RADIOMICS_SETTING_SCHEMA),
    imageType: Type.Optional(
      Type.Object(
        {
          ...{ Original: ofImage, LoG: ofImage, Wavelet: ofImage, Square: ofImage },
          ...{ SquareRoot: ofImage, Logarithm: ofImage, Exponential: ofImage, Gradient: ofImage },
        },
        { ...closed, description: 'Kinds of images, each with settings of its own; `Original`.' },
      ),
    ),
    featureClass: Type.Optional(
      Type.Object(
        Object.fromEntries(
          Object.entries(FEATURE_CLASSES).map(([name, { all, byName }]) => {
            const names = [...all, ...byName, ...(WITHOUT_VALUE[name as FeatureClass] ?? [])];
            const list = Type.Array(Type.Enum(names), { description: 'All when empty.' });
            return [name, nullable(list)];
          }),
        ) as Record<FeatureClass, ReturnType<typeof nullable<TArray<TString>>>>,
        { ...closed, description: 'Classes of features, each with those wanted; all classes.' },
      ),
    ),
    voxelSetting: unused,
  },
  { ...closed, description: 'The content of the `params.yaml` that the features come from.' },
);

export type RadiomicsParams = Static<typeof RADIOMICS_PARAMS_SCHEMA>;
type ImageType = keyof NonNullable<RadiomicsParams['imageType']>;

const DEFAULTS = {
  binWidth: 25,
  padDistance: 5,
  preCrop: false,
  normalize: false,
  normalizeScale: 1,
  resegmentMode: 'absolute' as 'absolute' | 'relative' | 'sigma',
  resegmentShape: false,
  minimumROIDimensions: 2,
  distances: [1] as readonly number[],
  force2D: false,
  force2Ddimension: 0,
  symmetricalGLCM: true,
  gldm_a: 0,
  voxelArrayShift: 0,
  sigma: [] as readonly number[],
  wavelet: 'coif1' as WaveletName,
  level: 1,
  start_level: 0,
  gradientUseSpacing: true,
};

type Given = {
  readonly [K in keyof Static<typeof RADIOMICS_SETTING_SCHEMA>]?: NonNullable<
    Static<typeof RADIOMICS_SETTING_SCHEMA>[K]
  >;
};
export type Settings = Omit<Given, keyof typeof DEFAULTS> & typeof DEFAULTS;

/** The settings that hold for all images, or for one kind. */
export function settingsOf(params: RadiomicsParams, type?: ImageType): Settings {
  const own = type === undefined ? {} : (params.imageType?.[type] ?? {});
  const given = Object.entries({ ...params.setting, ...own }).filter(
    ([name, value]) => value !== null || name === 'interpolator',
  );
  return { ...DEFAULTS, ...Object.fromEntries(given) };
}

/** The kinds of images that are wanted. */
export function imageTypesOf({ imageType = {} }: RadiomicsParams): readonly ImageType[] {
  const named = Object.keys(imageType) as ImageType[];
  return named.length === 0 ? ['Original'] : named;
}

/** The features that are wanted, by class. */
export function wantedClasses({ featureClass = {} }: RadiomicsParams) {
  const wanted = new Map<FeatureClass, readonly string[]>();
  const named = Object.keys(featureClass) as FeatureClass[];
  for (const name of named.length === 0
    ? (Object.keys(FEATURE_CLASSES) as FeatureClass[])
    : named) {
    const { all, byName } = FEATURE_CLASSES[name];
    const list = featureClass[name] ?? [];
    const known: readonly string[] = [...all, ...byName];
    wanted.set(name, list.length === 0 ? all : list.filter((feature) => known.includes(feature)));
  }
  return wanted;
}

/** What the features of an image are called by, where a kind has one image. */
export function imageName(type: Exclude<ImageType, 'LoG' | 'Wavelet'>): string {
  return type.toLowerCase();
}

/** `log-sigma-<mm>-mm-3D`; Python writes 1.0 so, and JSON cannot tell it from 1. */
export function logName(sigma: number): string {
  const text = Number.isInteger(sigma) ? `${sigma}-0` : String(sigma).replace('.', '-');
  return `log-sigma-${text}-mm-3D`;
}

/** The names of wavelet images in PyRadiomics' order: letters along x, y, z; `LLL` is the last. */
export function waveletNames({ level, force2D }: Settings): string[] {
  const axes = force2D ? 2 : 3;
  const words = Array.from({ length: 2 ** axes }, (_, i) =>
    Array.from({ length: axes }, (_, a) => ((i >> (axes - 1 - a)) & 1 ? 'H' : 'L')).join(''),
  );
  const [low, ...rest] = words as [string, ...string[]];
  const prefix = (n: number): string => (n === 1 ? 'wavelet' : `wavelet${n}`);
  const details = Array.from({ length: level }, (_, i) => rest.map((w) => `${prefix(i + 1)}-${w}`));
  return [...details.flat(), `${prefix(level)}-${low}`];
}

/** The names of all features that settings ask for, as PyRadiomics writes them. */
export function radiomicsNames(params: RadiomicsParams): string[] {
  const classes = [...wantedClasses(params)];
  const images = imageTypesOf(params).flatMap((type) => {
    const settings = settingsOf(params, type);
    if (type === 'LoG') return settings.sigma.map(logName);
    return type === 'Wavelet' ? waveletNames(settings) : [imageName(type)];
  });
  const under = (image: string, shape: boolean): string[] =>
    classes
      .filter(([name]) => (name === 'shape') === shape)
      .flatMap(([name, features]) => features.map((feature) => `${image}_${name}_${feature}`));
  return [...under('original', true), ...images.flatMap((image) => under(image, false))];
}

/** A name with sigma as it is written here: Python writes 1 for an integer, 1.0 for a number. */
export function canonicalName(name: string): string {
  return name.replace(/^log-sigma-(\d+)-mm-3D_/, 'log-sigma-$1-0-mm-3D_');
}
