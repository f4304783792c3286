/** What comes first where the time does not suffice: all networks once, or all mirror images. */
export type Preference = 'networks' | 'mirrors';

/** What is still to be done. */
export interface Rest {
  /** Windows that the network in progress has left: of the recipe, then with less and less overlap. */
  readonly windows: readonly number[];
  /** Passes that the windows in progress have had. */
  readonly passes: number;
  /** Networks that come after, and the windows of each. */
  readonly networks: number;
  readonly perNetwork: number;
  /** Passes that a window may get, mirror images and the plain one. */
  readonly mirrors: number;
  /** Whether a network is through, so that this one may be given up. */
  readonly hasAnswer: boolean;
}

/** What the work takes on this machine, ms. */
export interface Costs {
  /** One window through one network. */
  readonly pass: number;
  /** Opening a network and adding up what it gave. */
  readonly network: number;
}

/** What is done of the rest. */
export interface Decision {
  /** Which of `Rest.windows`. */
  readonly level: number;
  /** Of the networks that come after. */
  readonly networks: number;
  /** Passes of each window. */
  readonly mirrors: number;
  /** Whether the time does for all windows of the level. */
  readonly isWhole: boolean;
}

/** Machines do not keep their pace: what is taken on besides the least must fit this much slower. */
export const SAFETY = 1.1;

/** The time of a part of the rest, ms. */
export function timeOf(
  rest: Rest,
  { level, networks, mirrors }: Omit<Decision, 'isWhole'>,
  costs: Costs,
): number {
  const own = Math.max(0, rest.windows[level]! * mirrors - rest.passes);
  const later = networks * rest.perNetwork * mirrors;
  return (own + later) * costs.pass + networks * costs.network;
}

/**
 * The most valuable part of the rest that fits into a time. By default that is first the recipe's
 * overlap for the network in progress, then every further network, then mirror images; less overlap
 * comes only where not even one network fits.
 *
 * @param budgetMs - Time for networks.
 * @returns Undefined when the network in progress is to be given up.
 */
export function decidePlan(
  rest: Rest,
  costs: Costs,
  budgetMs: number,
  prefer: Preference = 'networks',
): Decision | undefined {
  const fits = (level: number, networks: number, mirrors: number): boolean =>
    SAFETY * timeOf(rest, { level, networks, mirrors }, costs) <= budgetMs;
  const most = (limit: number, least: number, isFit: (n: number) => boolean): number => {
    for (let n = limit; n > least; n--) if (isFit(n)) return n;
    return least;
  };
  const { networks: all, mirrors } = rest;
  // What is under way is not given up for a tenth that may never be needed.
  if (timeOf(rest, { level: 0, networks: 0, mirrors: 1 }, costs) <= budgetMs) {
    if (prefer === 'mirrors') {
      const m = most(mirrors, 1, (n) => fits(0, 0, n));
      const k = most(all, 0, (n) => fits(0, n, m));
      return { level: 0, networks: k, mirrors: m, isWhole: true };
    }
    const k = most(all, 0, (n) => fits(0, n, 1));
    return {
      level: 0,
      networks: k,
      mirrors: most(mirrors, 1, (n) => fits(0, k, n)),
      isWhole: true,
    };
  }
  if (rest.hasAnswer) return undefined;
  const last = rest.windows.length - 1;
  for (let level = 1; level <= last; level++) {
    if (fits(level, 0, 1)) return { level, networks: 0, mirrors: 1, isWhole: true };
  }
  return { level: last, networks: 0, mirrors: 1, isWhole: false };
}
