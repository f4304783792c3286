// node dist/tools/demo/main.mjs --input <case folder> --mask <file> [--expected <file>] --out <png>
// Prints a score per label and writes a picture of the case with its contours.
import { mkdirSync, writeFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { HecktorError } from '@hecktor/errors';
import { IMAGE_EXTENSIONS, readVolume, toNumeric } from '@hecktor/image-io';
import { dice, labelOverlap } from '@hecktor/metrics';
import { assertSameGrid, type NumericVoxelArray, type Volume } from '@hecktor/volume';
import { toPng } from './canvas.ts';
import { renderOverlay } from './render-overlay.ts';

/** NIfTI keeps positions as float32. */
const GRID_TOLERANCE_MM = 1e-3;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      input: { type: 'string' },
      mask: { type: 'string' },
      expected: { type: 'string' },
      out: { type: 'string' },
    },
  });
  const { input, mask, expected, out } = values;
  if (input === undefined || mask === undefined || out === undefined) {
    throw new Error('usage: --input <case folder> --mask <file> [--expected <file>] --out <png>');
  }
  const loaded = await readCase({ input, mask, ...(expected === undefined ? {} : { expected }) });
  const lines = loaded.expected === undefined ? [] : scoreLines(loaded.mask, loaded.expected);
  for (const line of lines) process.stdout.write(`${line}\n`);
  const title = ['Task 1 - for demonstration only, not for patients', ...lines];
  const picture = toPng(renderOverlay({ ...loaded, title }));
  mkdirSync(dirname(out), { recursive: true });
  writeFileSync(out, picture);
  process.stdout.write(`picture: ${out}\n`);
}

/** A case and its masks, read. */
interface LoadedCase {
  readonly ct: Volume<NumericVoxelArray>;
  readonly pet: Volume<NumericVoxelArray>;
  readonly mask: Volume<Uint8Array>;
  readonly expected?: Volume<Uint8Array>;
}

/**
 * Reads a case folder (`images/ct`, `images/pet`) and its masks.
 *
 * @throws HecktorError when a file cannot be read or a mask is not on the CT's grid.
 * @throws Error when an image folder does not hold exactly one image.
 */
async function readCase(paths: {
  readonly input: string;
  readonly mask: string;
  readonly expected?: string;
}): Promise<LoadedCase> {
  const ct = toNumeric(await readVolume(onlyImage(join(paths.input, 'images', 'ct'))));
  const pet = toNumeric(await readVolume(onlyImage(join(paths.input, 'images', 'pet'))));
  const readMask = async (path: string): Promise<Volume<Uint8Array>> => {
    const volume = toNumeric(await readVolume(path));
    assertSameGrid(ct, volume, GRID_TOLERANCE_MM);
    return { ...volume, data: Uint8Array.from(volume.data, (value) => Math.round(value)) };
  };
  const mask = await readMask(paths.mask);
  if (paths.expected === undefined) return { ct, pet, mask };
  return { ct, pet, mask, expected: await readMask(paths.expected) };
}

function onlyImage(folder: string): string {
  const images = readdirSync(folder).filter((name) =>
    IMAGE_EXTENSIONS.some((extension) => name.toLowerCase().endsWith(extension)),
  );
  if (images.length !== 1) {
    throw new Error(`${folder}: expected one image, found ${images.length}: ${images.join(', ')}`);
  }
  return join(folder, images[0]!);
}

const LABELS = [
  ['GTVp', 1],
  ['GTVn', 2],
] as const;

/** One line per label: Dice coefficient and volumes. Both masks are on the CT's grid. */
function scoreLines(mask: Volume<Uint8Array>, expected: Volume<Uint8Array>): string[] {
  return LABELS.map(([name, label]) => {
    const overlap = labelOverlap(expected, mask, label);
    const ml = (voxels: number) => ((voxels * overlap.voxelVolume) / 1000).toFixed(1);
    const volumes = `${ml(overlap.prediction)} ml, expected ${ml(overlap.truth)} ml`;
    return `${name} DSC ${dice(overlap).toFixed(3)} (${volumes})`;
  });
}

main().catch((error: unknown) => {
  const message = error instanceof HecktorError || error instanceof Error ? error.message : error;
  process.stderr.write(`${String(message)}\n`);
  process.exitCode = 1;
});
