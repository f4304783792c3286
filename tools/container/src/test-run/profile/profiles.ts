import type { Profile } from './profile-schema.ts';

const MINUTE = 60;

/** The participant document's rules. */
const HECKTOR25: Profile = {
  name: 'hecktor25',
  layout: 'document',
  // The document names none; this is what the platform gives a container without a GPU.
  cpus: 2,
  memory: '16g',
  data: null,
  timeLimit: 15 * MINUTE,
  grace: 10,
  processes: 512,
  openFiles: 1024,
  image: null,
  archive: 2e9,
  modelMount: false,
};

/** What the platform really does to a container of the 2025 challenge. */
const GRAND_CHALLENGE: Profile = {
  ...HECKTOR25,
  name: 'grand-challenge',
  layout: 'platform',
  data: '15g',
  timeLimit: { task1: 10 * MINUTE, task2: 15 * MINUTE, task3: 10 * MINUTE },
  image: 10e9,
  modelMount: true,
};

export const PROFILES = {
  hecktor25: HECKTOR25,
  'grand-challenge': GRAND_CHALLENGE,
} as const satisfies Record<string, Profile>;

export type ProfileName = keyof typeof PROFILES;
