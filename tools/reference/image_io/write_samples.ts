// node tools/build/run-ts.mjs tools/reference/image_io/write_samples.ts <folder>
// Writes one image per type, format and direction with writeVolume, for check_written.py to read.
import { mkdirSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeVolume } from '@hecktor/image-io';
import { arrayClassOf, createGrid, createVolume, type ScalarType } from '@hecktor/volume';

const TYPES: readonly ScalarType[] = [
  'int8', 'uint8', 'int16', 'uint16', 'int32', 'uint32', 'int64', 'uint64', 'float32', 'float64',
]; // prettier-ignore
const DIRECTIONS = [
  [1, 0, 0, 0, 1, 0, 0, 0, 1],
  [0, -1, 0, -1, 0, 0, 0, 0, -1],
  [0.36, 0.48, 0.8, -0.8, 0.6, 0, 0.48, 0.64, -0.6],
  [0.36, 0.48, -0.8, -0.8, 0.6, 0, 0.48, 0.64, 0.6],
];

const folder = process.argv[2];
if (folder === undefined) throw new Error('usage: write_samples.ts <folder>');
mkdirSync(folder, { recursive: true });
const written = [];
for (const type of TYPES) {
  for (const [d, direction] of DIRECTIONS.entries()) {
    const grid = createGrid([5, 4, 3], {
      spacing: [0.1 + 0.2, 1.5, 1 / 3],
      origin: [-123.456789012345, 1e-7, 987.25],
      direction: Float64Array.from(direction),
    });
    const data = new (arrayClassOf(type))(60);
    for (let i = 0; i < data.length; i++) {
      const value = (i * 7919 + 13) % 251;
      data[i] =
        data instanceof BigInt64Array || data instanceof BigUint64Array
          ? BigInt(value) << 40n
          : value;
    }
    for (const [ending, compress] of [
      ['z.mha', true],
      ['r.mha', false],
      ['.nii', true],
      ['.nii.gz', true],
    ] as const) {
      const name = `${type}-${d}${ending}`;
      await writeVolume(join(folder, name), createVolume(grid, data), { compress });
      written.push({
        name,
        type,
        direction,
        spacing: grid.spacing,
        origin: grid.origin,
        data: Array.from(data, String),
      });
    }
  }
}
await writeFile(join(folder, 'written.json'), JSON.stringify(written));
