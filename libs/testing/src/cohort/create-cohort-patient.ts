import { createPhantom, type Phantom } from '../phantom/create-phantom.ts';
import type { ClinicalRecord } from '../phantom/clinical.ts';
import { drawOutcome, type Outcome, type Prognosis } from './draw-outcome.ts';
import { drawProfile, type Profile } from './draw-profile.ts';
import { stagesOf, type Stages } from './stage-of.ts';

/** A patient of the synthetic cohort. */
export interface CohortPatient {
  readonly id: string;
  readonly profile: Profile;
  readonly phantom: Phantom;
  /** The clinical record with some values missing, as in the challenge. */
  readonly ehr: ClinicalRecord;
  readonly prognosis: Prognosis;
  readonly outcome: Outcome;
  readonly stages: Stages;
}

/** Coarse scans, so that a patient is made in about a second. */
const SCAN = {
  ct: { matrix: 128, spacing: 3.90625, slice: 4 },
  pet: { matrix: 88, spacing: 5.5, slice: 4, detail: 3 },
} as const;

/**
 * Makes a patient whose outcome depends, with noise, on tumour volume, nodal uptake, age and HPV,
 * and whose HPV status shows in the images, with exceptions. The same seed gives the same patient.
 */
export function createCohortPatient(seed: number): CohortPatient {
  const profile = drawProfile(seed);
  const phantom = createPhantom(seed, {
    ...SCAN,
    disease: profile.disease,
    planning: profile.irradiatedHere,
  });
  const prognosis: Prognosis = {
    volume: lesionMillilitres(phantom),
    nodalUptake: Math.max(0, ...phantom.lesions.nodes.map(({ suv }) => suv)),
    age: Number(profile.clinical['Age']),
    hpv: profile.hpv,
    metastatic: profile.clinical['M-stage'] === 'M1',
  };
  const kept = Object.entries(profile.clinical).filter(([field]) => !profile.missing.has(field));
  return {
    id: `SYN-${String(seed).padStart(6, '0')}`,
    profile,
    phantom,
    ehr: Object.fromEntries(kept),
    prognosis,
    outcome: drawOutcome(seed, prognosis),
    stages: stagesOf(phantom.lesions),
  };
}

function lesionMillilitres({ labels }: Phantom): number {
  let count = 0;
  for (const label of labels.data) if (label !== 0) count++;
  const [x, y, z] = labels.spacing;
  return Math.max(0.5, (count * x * y * z) / 1000);
}
