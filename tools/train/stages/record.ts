import type { CohortPatient } from '@hecktor/testing';

/** The clinical record of a synthetic patient as HECKTOR 2026 has it: with HPV, without the M-stage. */
export function recordOf2026({ ehr, profile }: Pick<CohortPatient, 'ehr' | 'profile'>) {
  const others = Object.fromEntries(Object.entries(ehr).filter(([field]) => field !== 'M-stage'));
  return profile.hpvKnown ? { ...others, 'HPV Status': Number(profile.hpv) } : others;
}
