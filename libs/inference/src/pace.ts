import type { Costs } from './decide-plan.ts';

/** Tells the pace of the work from the times of its last passes. */
interface Pace {
  /** Something else than a pass begins or is done with: its time is not a pass's. */
  mark(): void;
  /** Windows have gone through a network since the last mark or pass. */
  passed(windows: number): void;
  /** A network was opened, or what it gave was added up, since the last mark or pass. */
  opened(): void;
  addedUp(): void;
  /** Undefined before the first pass. */
  costs(): Costs | undefined;
}

/** The median of so many passes is the pace: what happens once is none. */
const RECENT = 5;
/** A first pass takes about so much longer, for memory is taken; it is forgotten after the second. */
const COLD = 1.25;

export function createPace(now: () => number): Pace {
  let last = now();
  let count = 0;
  let recent: number[] = [];
  let [opening, adding] = [0, 0];
  const sinceLast = (): number => {
    const ms = now() - last;
    last += ms;
    return ms;
  };
  return {
    mark: () => void sinceLast(),
    passed(windows) {
      const ms = sinceLast() / windows;
      recent = count === 1 ? [ms] : [...recent.slice(1 - RECENT), ms];
      count++;
    },
    opened: () => void (opening = Math.max(opening, sinceLast())),
    addedUp: () => void (adding = Math.max(adding, sinceLast())),
    costs() {
      if (count === 0) return undefined;
      const sorted = recent.toSorted((a, b) => a - b);
      const median = sorted[Math.floor(sorted.length / 2)]!;
      // A network's logits are divided by their weights, and then added to those of the others.
      return { pass: count === 1 ? median / COLD : median, network: opening + 2 * adding };
    },
  };
}
