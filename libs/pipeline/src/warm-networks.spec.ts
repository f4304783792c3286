import { describe, expect, it, jest } from '@jest/globals';
import type { OnnxModel } from '@hecktor/onnx';
import { createWarmNetworks } from './warm-networks.ts';

/** Opens networks that do nothing, and counts. */
function opener() {
  const release = jest.fn(() => Promise.resolve());
  const open = jest.fn(() => Promise.resolve({ release } as unknown as OnnxModel));
  return { open, release };
}

describe('createWarmNetworks', () => {
  it('keeps a network for the next use of the same kind', async () => {
    const { open, release } = opener();
    const networks = createWarmNetworks(100, () => 50);
    await (await networks.borrow('a', open)).release();
    await (await networks.borrow('a', open)).release();
    await (await networks.borrow('b', open)).release();
    expect(open).toHaveBeenCalledTimes(2);
    expect(release).not.toHaveBeenCalled();
  });

  it('opens a second one while the first is in use', async () => {
    const { open } = opener();
    const networks = createWarmNetworks(undefined);
    await Promise.all([networks.borrow('a', open), networks.borrow('a', open)]);
    expect(open).toHaveBeenCalledTimes(2);
  });

  it('keeps what fits into half of the memory, and releases the rest after each use', async () => {
    const { open, release } = opener();
    let resident = 50;
    const networks = createWarmNetworks(100, () => resident);
    for (const [key, then] of [
      ['a', 51],
      ['b', 51],
      ['a', 51],
      ['b', 51],
    ] as const) {
      const network = await networks.borrow(key, open);
      await network.release();
      resident = then;
    }
    // The network a stayed until it was given back beyond the half.
    expect(open).toHaveBeenCalledTimes(3);
    expect(release).toHaveBeenCalledTimes(3);
  });
});
