import { readVolume, toNumeric } from '@hecktor/image-io';
import type { IntakePolicy } from '@hecktor/recipe';
import type { NumericVoxelArray, Volume } from '@hecktor/volume';
import { guardIntake } from './intake/check-intake.ts';
import type { RunContext } from './run-context.ts';
import { describeOverlap } from './overlap.ts';

/** An image of a case. */
export type CaseImage = Volume<NumericVoxelArray>;

/** Files of a case's images: CT, PET, and the optional ones that it has, by the names of recipes. */
export interface CasePaths {
  readonly ct: string;
  readonly pet: string;
  readonly [optional: string]: string | undefined;
}

/** The images of a case: CT, PET, and the optional ones that it has, by the names of recipes. */
export interface CaseImages {
  readonly ct: CaseImage;
  readonly pet: CaseImage;
  readonly [optional: string]: CaseImage | undefined;
}

/**
 * Reads the images of a case at once, as decompression runs on threads of its own. The log gets
 * what a wrong answer is traced by: geometry, types, ranges, the overlap of CT and PET, and what they
 * hardly can be.
 *
 * @param intake - What the recipe makes of images that are not what they should be.
 * @throws HecktorError as reading an image does; INPUT_IMPLAUSIBLE where the recipe wants it.
 */
export async function readCase(
  paths: CasePaths,
  context: RunContext,
  intake?: IntakePolicy,
): Promise<CaseImages> {
  const { log, timer } = context;
  const shared = context.run !== undefined;
  const entries = Object.entries(paths).flatMap(([name, path]) =>
    path === undefined ? [] : [{ name, path }],
  );
  const done = new Map<string, number>();
  const read = async ({ name, path }: { name: string; path: string }) => {
    const onProgress = (fraction: number): void => {
      done.set(name, fraction);
      const sum = [...done.values()].reduce((total, part) => total + part, 0);
      context.onProgress('reading', sum / entries.length);
    };
    const volume = toNumeric(await readVolume(path, { shared, onProgress }));
    const { size, spacing, origin, direction, data } = volume;
    log.info(`read ${name}`, {
      size,
      spacing: spacing.map(round),
      origin: origin.map(round),
      direction: Array.from(direction, round),
      type: data.constructor.name,
    });
    return [name, volume] as const;
  };
  const volumes = await timer.time('reading', () => Promise.all(entries.map(read)));
  // Both are there: the paths of a case have them, and each path gave its image.
  const images = Object.fromEntries(volumes) as Record<string, CaseImage> & CaseImages;
  const { ct, pet } = images;
  log.info('overlap of CT and PET', describeOverlap(ct, pet));
  await timer.time('checking', async () => guardIntake(images, log, intake));
  return images;
}

/** The images that a case has, by name. */
export function presentImages(images: CaseImages): [string, CaseImage][] {
  return Object.entries(images).flatMap(([name, image]) =>
    image === undefined ? [] : [[name, image] as [string, CaseImage]],
  );
}

function round(value: number): number {
  return Math.round(value * 1e6) / 1e6;
}
