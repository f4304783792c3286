import { readVolume } from '@hecktor/image-io';
import type { Findings } from './check-output.ts';

const NAMES = new Map([
  [1, 'GTVp'],
  [2, 'GTVn'],
]);

/** Overlap of a mask with a golden one: one line per label. */
export async function compareLabelMaps(golden: string, mask: string): Promise<Findings> {
  const [a, b] = [await readVolume(golden), await readVolume(mask)];
  return [...NAMES].map(([label, name]) => {
    let [inA, inB, both] = [0, 0, 0];
    for (let i = 0; i < a.data.length; i++) {
      const [x, y] = [a.data[i] === label, b.data[i] === label];
      inA += Number(x);
      inB += Number(y);
      both += Number(x && y);
    }
    const dsc = inA + inB === 0 ? 1 : (2 * both) / (inA + inB);
    return `DSC with the expected mask: ${name} ${dsc.toFixed(4)}`;
  });
}
