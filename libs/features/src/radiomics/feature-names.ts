import { GLDM_NAMES, GLRLM_NAMES, GLSZM_NAMES } from './size-names.ts';

/**
 * The features of each class in PyRadiomics 3.0.1. An empty list in `featureClass` means those of
 * `all`; those of `byName` have to be listed.
 */
export const FEATURE_CLASSES = {
  shape: {
    all: [
      ...['MeshVolume', 'VoxelVolume', 'SurfaceArea', 'SurfaceVolumeRatio', 'Sphericity'],
      ...['Maximum3DDiameter', 'Maximum2DDiameterSlice', 'Maximum2DDiameterColumn'],
      ...['Maximum2DDiameterRow', 'MajorAxisLength', 'MinorAxisLength', 'LeastAxisLength'],
      ...['Elongation', 'Flatness'],
    ],
    byName: ['Compactness1', 'Compactness2', 'SphericalDisproportion'],
  },
  firstorder: {
    all: [
      ...['Energy', 'TotalEnergy', 'Entropy', 'Minimum', '10Percentile', '90Percentile', 'Maximum'],
      ...['Mean', 'Median', 'InterquartileRange', 'Range', 'MeanAbsoluteDeviation'],
      ...['RobustMeanAbsoluteDeviation', 'RootMeanSquared', 'Skewness', 'Kurtosis', 'Variance'],
      'Uniformity',
    ],
    byName: ['StandardDeviation'],
  },
  glcm: {
    all: [
      ...['Autocorrelation', 'JointAverage', 'ClusterProminence', 'ClusterShade'],
      ...['ClusterTendency', 'Contrast', 'Correlation', 'DifferenceAverage', 'DifferenceEntropy'],
      ...['DifferenceVariance', 'JointEnergy', 'JointEntropy', 'Imc1', 'Imc2', 'Idm', 'MCC'],
      ...['Idmn', 'Id', 'Idn', 'InverseVariance', 'MaximumProbability', 'SumAverage'],
      ...['SumEntropy', 'SumSquares'],
    ],
    byName: [],
  },
  glrlm: { all: Object.keys(GLRLM_NAMES), byName: [] },
  glszm: { all: Object.keys(GLSZM_NAMES), byName: [] },
  gldm: { all: Object.keys(GLDM_NAMES), byName: [] },
  ngtdm: { all: ['Coarseness', 'Contrast', 'Busyness', 'Complexity', 'Strength'], byName: [] },
} satisfies Record<string, { all: readonly string[]; byName: readonly string[] }>;

export type FeatureClass = keyof typeof FEATURE_CLASSES;

/** Names that settings files still hold and for which PyRadiomics gives no value. */
export const WITHOUT_VALUE: Partial<Record<FeatureClass, readonly string[]>> = {
  glcm: ['Dissimilarity', 'Homogeneity1', 'Homogeneity2', 'SumVariance'],
  gldm: ['GrayLevelNonUniformityNormalized', 'DependencePercentage'],
};
