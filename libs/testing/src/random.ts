const { imul } = Math;

/** A seeded stream of random numbers, the same on every platform. */
export interface Random {
  /** The next 32 random bits, as an unsigned integer. */
  bits(): number;
  /** Uniform in [0, 1). */
  next(): number;
  /** Uniform in [low, high). */
  between(low: number, high: number): number;
  /** An integer, uniform in [low, high]. */
  integer(low: number, high: number): number;
  /** Approximately normal, mean 0 and standard deviation 1 (sum of four bytes; |value| < 3.5). */
  normal(): number;
  /** One of the choices. */
  pick<T>(choices: readonly T[]): T;
  /** True with the given probability. */
  chance(probability: number): boolean;
}

/**
 * The sfc32 generator (Chris Doty-Humphrey, PractRand), seeded through splitmix32. Integer
 * arithmetic only, so a seed gives the same stream everywhere.
 */
export function createRandom(seed: number): Random {
  let mixed = seed >>> 0;
  const splitmix = (): number => {
    mixed = (mixed + 0x9e3779b9) | 0;
    let t = mixed ^ (mixed >>> 16);
    t = imul(t, 0x21f0aaad);
    t ^= t >>> 15;
    t = imul(t, 0x735a2d97);
    return t ^ (t >>> 15);
  };
  let a = splitmix();
  let b = splitmix();
  let c = splitmix();
  let counter = 1;
  const bits = (): number => {
    const t = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + t) | 0;
    return t >>> 0;
  };
  for (let i = 0; i < 12; i++) bits();
  const next = (): number => bits() / 4294967296;
  return {
    bits,
    next,
    between: (low, high) => low + (high - low) * next(),
    integer: (low, high) => low + Math.floor((high - low + 1) * next()),
    normal: () => {
      const r = bits();
      const sum = (r & 255) + ((r >>> 8) & 255) + ((r >>> 16) & 255) + (r >>> 24);
      return (sum - 510) * 0.006765875;
    },
    pick: (choices) => choices[Math.floor(choices.length * next())]!,
    chance: (probability) => next() < probability,
  };
}
