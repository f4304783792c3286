import type { Random } from '@hecktor/testing';

/** What runs the elements of an array job. */
export interface Cluster {
  readonly nodes: number;
  /** Elements at a time on a node. */
  readonly perNode: number;
  /** Mean wait for a node that others use, s; exponential. 0: all nodes are free. */
  readonly wait: number;
  /** Seconds between two rounds of the scheduler, in which free places get elements. */
  readonly round: number;
  /** Start of an element: prologue, script, container, s. */
  readonly start: number;
  /** What the shared disk gives to all at once, and at most to one element, MB/s. */
  readonly disk: number;
  readonly link: number;
}

/** One case: what it reads from the shared disk, MB, and how long it then computes, s. */
export interface Element {
  readonly megabytes: number;
  readonly seconds: number;
}

/** Chances per case. */
export interface Trouble {
  /** A slow node: the case takes `factor` times as long. */
  readonly stragglers: number;
  readonly factor: number;
  /** The element dies somewhere on its way and is submitted again. */
  readonly deaths: number;
}

/** Draws cases from measured times, with replacement; those that die are there a second time. */
export function drawElements(
  random: Random,
  measured: readonly number[],
  { count, megabytes, stragglers, factor, deaths }: Trouble & { count: number; megabytes: number },
): Element[] {
  const again: Element[] = [];
  const first = Array.from({ length: count }, () => {
    const seconds = random.pick(measured) * (random.chance(stragglers) ? factor : 1);
    const [dies, share] = [random.chance(deaths), random.next()];
    if (!dies) return { megabytes, seconds };
    again.push({ megabytes, seconds });
    return { megabytes, seconds: seconds * share };
  });
  // Submitted as an array of their own, which begins after all others.
  return [...first, ...again];
}

interface Place {
  reads: boolean;
  /** When its wait or its computation ends, s. */
  until: number;
  /** What it has yet to read, MB. */
  left: number;
  element?: Element | undefined;
}

/** Seconds until the last element is done. Elements start in order; the disk is shared evenly. */
export function simulate(random: Random, cluster: Cluster, elements: readonly Element[]): number {
  const { nodes, perNode, round, start, disk, link } = cluster;
  let [now, next, last] = [0, 0, 0];
  let places = Array.from({ length: nodes }, () => -Math.log(1 - random.next()) * cluster.wait)
    .flatMap((at): Place[] => Array.from({ length: perNode }, () => place(at)))
    .sort((a, b) => a.until - b.until);

  /** A place that gets its next element in the round after it has become free. */
  function place(free: number): Place {
    const begun = round === 0 ? free : Math.ceil(free / round) * round;
    return { reads: false, until: begun + start, left: 0 };
  }

  while (places.length > 0) {
    const readers = places.filter(({ reads }) => reads).length;
    const rate = Math.min(link, disk / readers);
    const ends = ({ reads, left, until }: Place) => (reads ? now + left / rate : until);
    const at = Math.min(...places.map(ends));
    const due = new Set(places.filter((one) => ends(one) <= at + 1e-9));
    for (const one of places) if (one.reads) one.left -= rate * (at - now);
    now = at;
    places = places.flatMap((one) => {
      if (!due.has(one)) return [one];
      if (one.reads) {
        return [{ ...one, reads: false, until: now + one.element!.seconds }];
      }
      if (one.element !== undefined) {
        last = now;
        return next < elements.length ? [place(now)] : [];
      }
      const element = elements[next++];
      return element === undefined
        ? []
        : [{ ...one, reads: true, left: element.megabytes, element }];
    });
  }
  return last;
}
