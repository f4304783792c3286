import type { ClinicalRecord } from '../phantom/clinical.ts';
import type { Disease, WantedLesion } from '../phantom/disease.ts';
import type { TumourSite } from '../phantom/lesions.ts';
import { createRandom, type Random } from '../random.ts';

/** What a synthetic patient is, before any image is made. */
export interface Profile {
  readonly hpv: boolean;
  readonly disease: Disease;
  /** Every clinical value, also those that the patient's record will lack. */
  readonly clinical: ClinicalRecord;
  /** Names of the values that the record lacks. */
  readonly missing: ReadonlySet<string>;
  /** False: the label is withheld from the training table of Task 3. */
  readonly hpvKnown: boolean;
  /** True: has a planning CT and a dose. */
  readonly irradiatedHere: boolean;
}

/** Shares of values that the challenge's training table lacks. */
const MISSING: Readonly<Record<string, number>> = {
  'Performance Status': 0.4,
  'Alcohol Consumption': 0.34,
  'Tobacco Consumption': 0.33,
  Treatment: 0.02,
};
const HPV_MISSING = 0.24;
const PLANNING = 0.3;
const HPV_POSITIVE = 0.5;

/**
 * Draws a patient of the synthetic cohort. The rules, all with exceptions so that no sign is sure:
 *
 * - HPV-positive: oropharynx, primary of 2 to 18 ml with a smooth surface; 1 to 3 nodes of 8 to
 *   32 ml, nine in ten cystic (core without uptake, thin wall); younger, fewer smokers.
 * - HPV-negative: any site, primary of 4 to 60 ml, ragged; 0 to 4 solid nodes of 0.7 to 14 ml, one
 *   in ten cystic and half of the larger primaries necrotic; older, more smokers.
 */
export function drawProfile(seed: number): Profile {
  const random = createRandom(seed ^ 0xc0_40_47);
  const hpv = random.chance(HPV_POSITIVE);
  const disease = hpv ? positiveDisease(random) : negativeDisease(random);
  const clinical: ClinicalRecord = {
    Age: Math.round(Math.min(88, Math.max(32, (hpv ? 58 : 62) + 9 * random.normal()))),
    Gender: random.chance(0.8) ? 1 : 0,
    'Tobacco Consumption': random.chance(hpv ? 0.4 : 0.75) ? 1 : 0,
    'Alcohol Consumption': random.chance(hpv ? 0.4 : 0.6) ? 1 : 0,
    'Performance Status': random.pick(hpv ? [0, 0, 0, 1, 1] : [0, 0, 1, 1, 2]),
    Treatment: random.chance(0.8) ? 1 : 0,
    'M-stage': random.chance(0.97) ? 'M0' : 'M1',
  };
  const missing = new Set(
    Object.entries(MISSING).flatMap(([field, share]) => (random.chance(share) ? [field] : [])),
  );
  return {
    hpv,
    disease,
    clinical,
    missing,
    hpvKnown: !random.chance(HPV_MISSING),
    irradiatedHere: random.chance(PLANNING),
  };
}

function positiveDisease(random: Random): Disease {
  return {
    site: random.chance(0.95) ? 'oropharynx' : 'oral cavity',
    primary: lesion(random, { ml: [2, 18], suv: [5, 14], roughness: [0.08, 0.25], core: 0 }),
    nodes: Array.from({ length: random.pick([1, 1, 1, 2, 2, 3]) }, () =>
      lesion(random, {
        ml: [8, 32],
        suv: [4.5, 13],
        roughness: [0.03, 0.1],
        core: random.chance(0.9) ? random.between(0.72, 0.82) : 0,
      }),
    ),
  };
}

function negativeDisease(random: Random): Disease {
  const site = drawSite(random);
  return {
    site,
    primary: lesion(random, {
      ml: [4, 60],
      suv: [6, 18],
      roughness: [0.3, 0.5],
      core: random.chance(0.3) ? random.between(0.4, 0.6) : 0,
    }),
    nodes: Array.from({ length: random.pick([0, 1, 1, 2, 2, 3, 4]) }, () =>
      lesion(random, {
        ml: [0.7, 14],
        suv: [3.5, 14],
        roughness: [0.1, 0.3],
        core: random.chance(0.1) ? random.between(0.5, 0.8) : 0,
      }),
    ),
  };
}

/** Ranges from which one lesion is drawn: volumes evenly in their logarithm. */
interface Ranges {
  readonly ml: readonly [number, number];
  readonly suv: readonly [number, number];
  readonly roughness: readonly [number, number];
  readonly core: number;
}

function lesion(random: Random, ranges: Ranges): WantedLesion {
  const [low, high] = ranges.ml;
  return {
    millilitres: low * (high / low) ** random.next(),
    suv: random.between(...ranges.suv),
    roughness: random.between(...ranges.roughness),
    core: ranges.core,
  };
}

function drawSite(random: Random): TumourSite {
  const ticket = random.next();
  if (ticket < 0.55) return 'oropharynx';
  if (ticket < 0.75) return 'hypopharynx';
  return ticket < 0.9 ? 'larynx' : 'oral cavity';
}
