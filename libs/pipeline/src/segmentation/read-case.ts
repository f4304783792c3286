import { readVolume, toNumeric } from '@hecktor/image-io';
import type { NumericVoxelArray, Volume } from '@hecktor/volume';
import { implausible } from './implausible.ts';
import type { RunContext } from './run-context.ts';

/** Images by the name that recipes use. */
export type CaseImages = Record<string, Volume<NumericVoxelArray>>;

/**
 * Reads the images of a case at once, as decompression runs on threads of its own, and tells what
 * makes one doubt them.
 *
 * @throws HecktorError as reading an image does.
 */
export async function readCase(
  paths: Readonly<Record<string, string>>,
  context: RunContext,
): Promise<CaseImages> {
  const shared = context.run !== undefined;
  const entries = Object.entries(paths);
  const done = new Map<string, number>();
  const images = await context.timer.time('reading', async () => {
    const volumes = await Promise.all(
      entries.map(async ([name, path]) => {
        const onProgress = (fraction: number): void => {
          done.set(name, fraction);
          const sum = [...done.values()].reduce((total, part) => total + part, 0);
          context.onProgress('reading', sum / entries.length);
        };
        const volume = toNumeric(await readVolume(path, { shared, onProgress }));
        const { size, spacing, origin, direction } = volume;
        context.log.info(`read ${name}`, {
          size,
          spacing: spacing.map(round),
          origin: origin.map(round),
          direction: Array.from(direction, round),
          type: volume.data.constructor.name,
        });
        return [name, volume] as const;
      }),
    );
    return Object.fromEntries(volumes);
  });
  for (const doubt of implausible(images)) context.log.warn(doubt);
  return images;
}

function round(value: number): number {
  return Math.round(value * 1e6) / 1e6;
}
