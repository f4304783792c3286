import type { CohortPatient } from '@hecktor/testing';

const CLINICAL = [
  'Gender',
  'Age',
  'Tobacco Consumption',
  'Alcohol Consumption',
  'Performance Status',
  'Treatment',
  'M-stage',
] as const;

/** The two tables of a cohort, as the challenge's training set has them: file name to text. */
export function cohortTables(
  patients: readonly Omit<CohortPatient, 'phantom'>[],
  labelled: boolean,
): Record<string, string> {
  const row = (patient: Omit<CohortPatient, 'phantom'>, ...targets: (string | number)[]) =>
    [patient.id, 1, ...CLINICAL.map((field) => patient.ehr[field] ?? ''), ...targets].join(',');
  const head = ['PatientID', 'CenterID', ...CLINICAL].join(',');
  const task2 = patients.map((p) => row(p, p.outcome.relapse ? 1 : 0, p.outcome.days));
  const task3 = patients.map((p) =>
    row(p, labelled || p.profile.hpvKnown ? (p.profile.hpv ? 1 : 0) : ''),
  );
  return {
    'HECKTOR_2025_Training_Task_2.csv': [`${head},Relapse,RFS`, ...task2, ''].join('\n'),
    'HECKTOR_2025_Training_Task_3.csv': [`${head},HPV Status`, ...task3, ''].join('\n'),
  };
}
