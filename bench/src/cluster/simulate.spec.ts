import { describe, expect, it } from '@jest/globals';
import { createRandom } from '@hecktor/testing';
import { drawElements, simulate, type Cluster } from './simulate.ts';

const NOTHING = { wait: 0, round: 0, start: 0, disk: Infinity, link: Infinity };
const run = (cluster: Partial<Cluster> & { nodes: number }, ...seconds: number[]) =>
  simulate(
    createRandom(1),
    { ...NOTHING, perNode: 1, ...cluster },
    seconds.map((each) => ({ seconds: each, megabytes: 100 })),
  );

describe('simulate', () => {
  it('hands the elements in order to whoever is free', () => {
    expect(run({ nodes: 1 }, 3, 1, 2)).toBeCloseTo(6, 9);
    expect(run({ nodes: 2 }, 3, 1, 2)).toBeCloseTo(3, 9);
    expect(run({ nodes: 1, perNode: 2 }, 3, 1, 4)).toBeCloseTo(5, 9);
    expect(run({ nodes: 8 }, 3, 1)).toBeCloseTo(3, 9);
  });

  it('starts elements in rounds, and takes time to start them', () => {
    expect(run({ nodes: 1, start: 0.5 }, 3, 3)).toBeCloseTo(7, 9);
    expect(run({ nodes: 1, round: 2 }, 3, 3)).toBeCloseTo(7, 9);
  });

  it('shares the disk evenly, and no element gets more than its link', () => {
    expect(run({ nodes: 1, disk: 100, link: 50 }, 1)).toBeCloseTo(3, 9);
    expect(run({ nodes: 2, disk: 100 }, 1, 1)).toBeCloseTo(3, 9);
    // Alone from when the node is there that has to be waited for.
    expect(run({ nodes: 3, disk: 100 }, 0, 0, 0)).toBeCloseTo(3, 9);
  });

  it('lets elements wait for nodes', () => {
    const waits = run({ nodes: 1, wait: 600 }, 1);
    expect(waits).toBeGreaterThan(1);
    // The last nodes come when all is done.
    expect(run({ nodes: 200, wait: 600 }, 1)).toBeLessThan(waits / 5);
  });
});

describe('drawElements', () => {
  it('draws measured times, some longer, and runs again what died on its way', () => {
    const trouble = { stragglers: 0.1, factor: 5, deaths: 0.05 };
    const options = { count: 1000, megabytes: 7, ...trouble };
    const elements = drawElements(createRandom(3), [10, 20], options);
    const again = elements.slice(1000);
    expect(again.length).toBeGreaterThan(25);
    expect(again.length).toBeLessThan(75);
    const whole = elements.filter(({ seconds }) => [10, 20, 50, 100].includes(seconds));
    expect(whole).toHaveLength(1000);
    expect(whole.filter(({ seconds }) => seconds > 20).length).toBeGreaterThan(60);
    expect(elements).toEqual(drawElements(createRandom(3), [10, 20], options));
  });
});
