import type { Finding } from './finding.ts';
import type { ImageFacts } from './image-facts.ts';
import type { SameVolume } from './same-volume.ts';

/** HU that the body's median lies between, whatever part of it is seen. */
const SOFT_HU = [-150, 250] as const;
/** HU between which air lies; where the class is above, the image shows no air. */
const AIR_HU = [-1100, -700] as const;
/** The same in values that are stored with an offset of 1000 or 1024. */
const AIR_STORED = [-100, 150] as const;
/** Above the values of any CT, those with the extended scale for metal left out. */
const HIGHEST_HU = 8191;
/** From air to soft tissue in HU, about. */
const AIR_TO_SOFT = [800, 1200] as const;
/** Values of grey pictures; a CT in HU spans far more. */
const GREY_SPAN = 300;

/**
 * Whether CT and PET are swapped or of one kind.
 *
 * @param isSame - Whether both are the same image, voxel by voxel.
 */
export function checkModalities(
  ct: ImageFacts,
  pet: ImageFacts,
  isSame: boolean,
): Finding | undefined {
  const [ctIsCt, petIsCt] = [looksLikeCt(ct), looksLikeCt(pet)];
  const told = (seen: string): Finding => ({
    check: 'modalities',
    text: `${seen}; the answer has nothing to do with the patient`,
  });
  if (isSame) {
    return told(`CT and PET are the same image, ${petIsCt ? 'a CT' : 'and it is no CT'}`);
  }
  if (petIsCt && !ctIsCt) return told('CT and PET are swapped: the PET is a CT, and the CT is not');
  return petIsCt ? told('the PET is a CT: it shows air and soft tissue as one does') : undefined;
}

/** Air and soft tissue as far apart as in HU, both of some size, with an offset or without. */
function looksLikeCt({ levels: { low, high, above }, range }: ImageFacts): boolean {
  const isInHu = within(low, AIR_HU) && within(high, SOFT_HU);
  const isStored = within(low, AIR_STORED) && within(high - low, AIR_TO_SOFT);
  return (isInHu || isStored) && range.highest <= HIGHEST_HU && within(above, [0.02, 0.98]);
}

/** Whether a CT is in HU. Body and air are told apart in whatever units it has. */
export function checkCtUnits({ range, levels }: ImageFacts): Finding | undefined {
  const { low, high } = levels;
  const told = (seen: string, effect: string): Finding => ({
    check: 'ctUnits',
    text: `the CT is not in HU: ${seen}; ${effect}`,
  });
  const blind =
    'what the recipe does with HU clips or scales it wrongly, and the mask is empty or wrong';
  if (range.lowest === range.highest) {
    return { check: 'ctUnits', text: `all voxels of the CT have the same value; ${blind}` };
  }
  const span = range.highest - range.lowest;
  if (span <= GREY_SPAN) {
    const seen =
      span <= 10
        ? `its values span ${Number(span.toPrecision(2))}`
        : 'its values are those of grey pictures';
    return told(`${seen}, as after windowing or scaling`, blind);
  }
  if (within(high, SOFT_HU) && (within(low, AIR_HU) || low > AIR_HU[1])) return undefined;
  if (within(high - low, AIR_TO_SOFT)) {
    const offset = Math.round((low + 1000) / 8) * 8;
    return told(
      `its values lie about ${Math.abs(offset)} too ${offset > 0 ? 'high' : 'low'}, as where the ` +
        'rescale intercept was not applied',
      blind,
    );
  }
  return told('air and soft tissue do not have the values that they have in HU', blind);
}

/** Whether a PET shows uptake: not nothing, not a mask, not the inverse. */
export function checkPetContent({ range, fewValues, levels }: ImageFacts): Finding | undefined {
  const told = (seen: string): Finding => ({
    check: 'petContent',
    text: `${seen}; no network can find a tumour by it, and the mask is empty or wrong`,
  });
  const { lowest, highest } = range;
  if (lowest === highest) return told('all voxels of the PET have the same value');
  if (highest <= 0) return told('the PET shows no uptake above 0, as a negated one');
  if (fewValues) return told('the PET holds no more than 3 different values, as a mask does');
  const { quantile } = levels;
  const [least, middle, most] = [quantile(0.001), quantile(0.5), quantile(0.999)];
  if (middle - least > 0.6 * (most - least)) {
    return told('the PET is inverted: most of it is near its highest value');
  }
  return undefined;
}

/** Above the SUV that the median of any body has: fat has 0.2, muscle 0.7, liver 2. */
const MOST_BODY_SUV = 15;
/** The least that the hottest 0.1 % of a PET in SUV have. */
const HOT_SUV = 0.8;
/** Bq/mL that the median of the body lies between, from 60 MBq in 120 kg to 600 MBq in 40 kg. */
const BODY_BECQUEREL = [200, 20_000] as const;

/**
 * Whether a PET is in SUV. It cannot be converted: no image format and no record tells weight, dose
 * and time.
 */
export function checkPetUnits(
  { levels, range }: ImageFacts,
  { median: body }: SameVolume,
): Finding | undefined {
  const told = (seen: string): Finding => ({
    check: 'petUnits',
    text:
      `the PET is not in SUV: ${seen}. It is not converted, as weight, dose and time are not known; ` +
      'bounds in SUV miss, features in SUV are wrong by the factor, and only a recipe that scales the ' +
      'PET by its own statistics is not affected',
  });
  if (body > MOST_BODY_SUV) {
    return told(
      within(body, BODY_BECQUEREL)
        ? 'uptake is hundreds or thousands of times that in SUV, as in Bq/mL'
        : 'uptake is many times that in SUV, as in stored values',
    );
  }
  if (levels.quantile(0.999) < HOT_SUV && range.highest <= 1.001) {
    return told('nothing in it is above 1, as after scaling to 0 to 1');
  }
  return undefined;
}

function within(value: number, [least, most]: readonly [number, number]): boolean {
  return value >= least && value <= most;
}
