import { HecktorError } from '@hecktor/errors';
import type { IntakePolicy } from '@hecktor/recipe';
import type { Log } from '@hecktor/runtime';
import type { NumericVoxelArray, Volume } from '@hecktor/volume';
import { isSameGrid } from '@hecktor/volume';
import { checkAlignment } from './check-alignment.ts';
import { checkCtUnits, checkModalities, checkPetContent, checkPetUnits } from './check-contents.ts';
import { checkHead } from './check-head.ts';
import { cellEdge } from './coarse-image.ts';
import type { Finding } from './finding.ts';
import { imageFacts, type ImageFacts } from './image-facts.ts';
import { outlineOf } from './outline.ts';
import { sameVolume } from './same-volume.ts';

type Pair = Readonly<Record<'ct' | 'pet', Volume<NumericVoxelArray>>>;

/**
 * Looks at CT and PET before anything is done with them. What is found goes to the log, one line each,
 * with what it does to the answer; what the recipe calls an error ends the run.
 *
 * @throws HecktorError INPUT_IMPLAUSIBLE with all findings that the recipe calls errors.
 */
export function guardIntake(images: Pair, log: Log, policy: IntakePolicy = {}): void {
  const { findings, ranges } = checkIntake(images);
  log.info('intensities', ranges);
  const errors = findings.filter(({ check }) => policy[check] === 'error');
  for (const { check, text } of findings) {
    if (policy[check] !== 'error') log.warn(text, { check });
  }
  if (errors.length === 0) return;
  throw new HecktorError('INPUT_IMPLAUSIBLE', {
    detail: errors.map(({ text }) => text).join('; '),
    fix: `correct the images, or set intake.${errors[0]!.check} of the recipe to "warn"`,
  });
}

/**
 * What CT and PET of one patient would not show. An image without any finite voxel is left to the
 * steps, which refuse it.
 */
export function checkIntake({ ct, pet }: Pair): {
  readonly findings: readonly Finding[];
  readonly ranges: Readonly<Record<string, ImageFacts['range']>>;
} {
  const cell = cellEdge([ct, pet]);
  const [ofCt, ofPet] = [imageFacts(ct, cell), imageFacts(pet, cell)];
  if (ofCt === undefined || ofPet === undefined) return { findings: [], ranges: {} };
  const ranges = { ct: ofCt.range, pet: ofPet.range };
  const modalities = checkModalities(ofCt, ofPet, isSameImage(ct, pet));
  // Of swapped images nothing else can be said.
  if (modalities !== undefined) return { findings: [modalities], ranges };
  const body = outlineOf(ofCt.coarse, (ofCt.levels.low + ofCt.levels.high) / 2);
  const shared = sameVolume(body, ofPet.coarse, [0, 0, 0]);
  const ctUnits = checkCtUnits(ofCt);
  const petContent = checkPetContent(ofPet);
  // A windowed CT, or a mask for a PET, has no outline of the body.
  const hasOutlines = ctUnits === undefined && petContent === undefined;
  const findings = [
    ctUnits,
    petContent ?? checkPetUnits(ofPet, shared),
    hasOutlines ? checkAlignment(ofCt, ofPet, body, shared) : undefined,
    hasOutlines ? checkHead(body) : undefined,
  ].filter((finding) => finding !== undefined);
  return { findings, ranges };
}

function isSameImage(ct: Pair['ct'], pet: Pair['pet']): boolean {
  if (!isSameGrid(ct, pet)) return false;
  for (let i = 0; i < ct.data.length; i += 31) if (ct.data[i] !== pet.data[i]) return false;
  return true;
}
