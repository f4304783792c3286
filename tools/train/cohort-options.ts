import { createRandom, type PhantomOptions } from '@hecktor/testing';

/** CT matrices are mixed: a full one at half resolution, and a fine one over a narrower field. */
export function cohortOptions(seed: number): PhantomOptions {
  const random = createRandom(seed ^ 0x5eed);
  return random.chance(0.5)
    ? { ct: { matrix: 256, spacing: 1.953125 } }
    : { ct: { matrix: 288, spacing: 0.9765625 } };
}
