import type { Random } from '../random.ts';

/** A clinical record in the challenge's form; synthetic. */
export type ClinicalRecord = Readonly<Record<string, number | string>>;

/** Draws a synthetic clinical record. Some values are missing, as in the challenge's data. */
export function drawClinicalRecord(random: Random): ClinicalRecord {
  const all: Record<string, number | string> = {
    Age: random.integer(41, 84),
    Gender: random.chance(0.78) ? 1 : 0,
    'Tobacco Consumption': random.integer(0, 1),
    'Alcohol Consumption': random.integer(0, 1),
    'Performance Status': random.pick([0, 0, 1, 1, 2]),
    Treatment: random.chance(0.8) ? 1 : 0,
    'M-stage': random.chance(0.96) ? 'M0' : 'M1',
  };
  const missing = {
    'Performance Status': 0.4,
    'Alcohol Consumption': 0.34,
    'Tobacco Consumption': 0.33,
  };
  const missingFields = new Set<string>();
  for (const [field, share] of Object.entries(missing)) {
    if (random.chance(share)) missingFields.add(field);
  }
  return Object.fromEntries(Object.entries(all).filter(([field]) => !missingFields.has(field)));
}
