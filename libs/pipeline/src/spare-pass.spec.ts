import { expect, it } from '@jest/globals';
import type { Tensor } from '@hecktor/volume';
import { createSparePass } from './spare-pass.ts';

const windows = (...values: number[]): Tensor => ({
  data: Float32Array.from(values),
  dims: [1, 1, 1, 1, values.length],
});

it('runs a pass that is there already only once, and any other one', async () => {
  const runs: number[][] = [];
  // As networks may, it gives its results in one buffer.
  const buffer = new Float32Array(2);
  const network = async ({ data, dims }: Tensor) => {
    runs.push([...data]);
    buffer.set(data.map((value) => 2 * value));
    return { data: buffer, dims };
  };
  const spare = createSparePass();
  const kept = spare.kept(network);
  await kept(windows(1, 2));
  await kept(windows(3, 4));
  let reused = 0;
  const again = spare.reused(network, (count) => (reused += count));
  expect([...(await again(windows(1, 2))).data]).toEqual([2, 4]);
  expect(reused).toBe(1);
  expect([...(await again(windows(1, 2))).data]).toEqual([2, 4]);
  expect([reused, runs.length]).toEqual([1, 3]);

  await kept(windows(0, 5));
  expect([...(await again(windows(-0, 5))).data]).toEqual([-0, 10]);
  expect([reused, runs.length]).toEqual([1, 5]);
});
