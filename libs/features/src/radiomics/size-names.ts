/** Features of `glrlm` by what they are in a matrix of sizes, here lengths of runs. */
export const GLRLM_NAMES = {
  ShortRunEmphasis: 'small',
  LongRunEmphasis: 'large',
  GrayLevelNonUniformity: 'levelNonUniformity',
  GrayLevelNonUniformityNormalized: 'levelNonUniformityNormalized',
  RunLengthNonUniformity: 'sizeNonUniformity',
  RunLengthNonUniformityNormalized: 'sizeNonUniformityNormalized',
  RunPercentage: 'percentage',
  GrayLevelVariance: 'levelVariance',
  RunVariance: 'sizeVariance',
  RunEntropy: 'entropy',
  LowGrayLevelRunEmphasis: 'low',
  HighGrayLevelRunEmphasis: 'high',
  ShortRunLowGrayLevelEmphasis: 'smallLow',
  ShortRunHighGrayLevelEmphasis: 'smallHigh',
  LongRunLowGrayLevelEmphasis: 'largeLow',
  LongRunHighGrayLevelEmphasis: 'largeHigh',
} as const;

/** The same of `glszm`: volumes of zones. */
export const GLSZM_NAMES = {
  SmallAreaEmphasis: 'small',
  LargeAreaEmphasis: 'large',
  GrayLevelNonUniformity: 'levelNonUniformity',
  GrayLevelNonUniformityNormalized: 'levelNonUniformityNormalized',
  SizeZoneNonUniformity: 'sizeNonUniformity',
  SizeZoneNonUniformityNormalized: 'sizeNonUniformityNormalized',
  ZonePercentage: 'percentage',
  GrayLevelVariance: 'levelVariance',
  ZoneVariance: 'sizeVariance',
  ZoneEntropy: 'entropy',
  LowGrayLevelZoneEmphasis: 'low',
  HighGrayLevelZoneEmphasis: 'high',
  SmallAreaLowGrayLevelEmphasis: 'smallLow',
  SmallAreaHighGrayLevelEmphasis: 'smallHigh',
  LargeAreaLowGrayLevelEmphasis: 'largeLow',
  LargeAreaHighGrayLevelEmphasis: 'largeHigh',
} as const;

/** The same of `gldm`: numbers of dependent neighbours. */
export const GLDM_NAMES = {
  SmallDependenceEmphasis: 'small',
  LargeDependenceEmphasis: 'large',
  GrayLevelNonUniformity: 'levelNonUniformity',
  DependenceNonUniformity: 'sizeNonUniformity',
  DependenceNonUniformityNormalized: 'sizeNonUniformityNormalized',
  GrayLevelVariance: 'levelVariance',
  DependenceVariance: 'sizeVariance',
  DependenceEntropy: 'entropy',
  LowGrayLevelEmphasis: 'low',
  HighGrayLevelEmphasis: 'high',
  SmallDependenceLowGrayLevelEmphasis: 'smallLow',
  SmallDependenceHighGrayLevelEmphasis: 'smallHigh',
  LargeDependenceLowGrayLevelEmphasis: 'largeLow',
  LargeDependenceHighGrayLevelEmphasis: 'largeHigh',
} as const;
