import { toVec3, type Vec3 } from '@hecktor/volume';
import type { Finding } from './finding.ts';
import type { ImageFacts } from './image-facts.ts';
import { bestMatch, matchOf, meeting, type Match, type Mirror } from './match.ts';
import { outlineOf, type Outline } from './outline.ts';
import { sameVolume, type SameVolume } from './same-volume.ts';

/** Thresholds of {@link checkAlignment}; what good pairs give is in docs/intake.md. */
const LEAST = {
  /** Dice of the outlines as they lie. */
  dice: 0.88,
  /** Share of the body in the CT that the PET sees. */
  seen: 0.25,
  /** Of the score that is lost without a shift... */
  lost: 0.1,
  /** ...by so many cells along an axis, 16 mm; breathing and a turned head stay below. */
  cells: 2,
  /** How many times better a mirror image fits. */
  mirror: 1.03,
  /** Dice of what is taken for the same body in another place. */
  same: 0.93,
} as const;
/** Cells of a body, 50 mL, below which nothing is judged. */
const FEW_CELLS = 100;

const PLAIN: Mirror = [false, false, false];
/** Ways an image is turned by accident, and how they are told. */
const MIRRORS: readonly (readonly [Mirror, string])[] = [
  [[true, false, false], 'mirrored left to right'],
  [[false, true, false], 'mirrored front to back'],
  [[false, false, true], 'upside down'],
  [[true, true, false], 'turned by half about the long axis, as where LPS is taken for RAS'],
];

const EFFECT =
  'uptake is taken for that of other tissue, so that the mask, and what is measured in it, is wrong';

/**
 * Whether CT and PET show the same body in the same place: the outline of the body in both, in cells
 * of 8 mm, is compared as it lies, shifted and mirrored.
 */
export function checkAlignment(
  ct: ImageFacts,
  pet: ImageFacts,
  body: Outline,
  { threshold, seen }: SameVolume,
): Finding | undefined {
  if (body.body.length < 3 * FEW_CELLS) return undefined;
  if (seen < LEAST.seen) {
    const share = `${Math.round(100 * seen)} %`;
    return told(`the PET covers ${share} of the body in the CT${lostGeometry(ct, pet)}`);
  }
  const uptake = outlineOf(pet.coarse, threshold);
  const asIs = matchOf(body, uptake, PLAIN, [0, 0, 0]);
  const plain = bestPlain(body, uptake, asIs);
  const mirrored = MIRRORS.map(([mirror, words]) => {
    const start = meeting(body, uptake, mirror);
    return { ...bestMatch(body, uptake, mirror, { start, reach: [4, 4, 6] }), words };
  }).reduce((best, match) => (match.score > best.score ? match : best));
  const isMirrored = mirrored.score > LEAST.mirror * plain.score;
  const isShifted =
    plain.shift.some((cells) => Math.abs(cells) >= LEAST.cells) &&
    asIs.score < (1 - LEAST.lost) * plain.score;
  if (!isMirrored && !isShifted && asIs.dice >= LEAST.dice) return undefined;
  if (isMirrored && mirrored.dice >= LEAST.same) {
    return told(
      `the outline of the body in the PET fits that in the CT if it is ${mirrored.words}`,
    );
  }
  const lost = lostGeometry(ct, pet);
  if (isShifted) {
    const there = outlineOf(pet.coarse, sameVolume(body, pet.coarse, plain.shift).threshold);
    const { shift, dice } = bestMatch(body, there, PLAIN, { start: plain.shift, reach: [2, 2, 4] });
    if (dice >= LEAST.same)
      return told(`the PET lies about ${way(shift, body.cell)} of the CT${lost}`);
  }
  return told(`the outlines of the body in the two differ as those of two patients do${lost}`);
}

function told(seen: string): Finding {
  return { check: 'alignment', text: `CT and PET do not lie on each other: ${seen}; ${EFFECT}` };
}

/** From where it lies; and from where the centres meet, unless the first is as good as any. */
function bestPlain(body: Outline, uptake: Outline, asIs: Match): Match {
  const near = bestMatch(body, uptake, PLAIN, { start: [0, 0, 0], reach: [10, 10, 25] });
  if (asIs.dice > LEAST.dice && near.dice > LEAST.dice) return near;
  const start = meeting(body, uptake, PLAIN);
  const far = bestMatch(body, uptake, PLAIN, { start, reach: [6, 6, 25] });
  return far.score > near.score ? far : near;
}

/** A shift in words: the largest first, in the directions of the patient (LPS). */
function way(shift: Vec3, cell: number): string {
  const names = [
    ['to the right', 'to the left'],
    ['in front', 'to the back'],
    ['towards the feet', 'towards the head'],
  ] as const;
  // The PET was shifted by this to lie right: it lies the other way.
  const parts = toVec3(shift.map((cells) => (-cells * cell) / 10));
  return [0, 1, 2]
    .filter((axis) => Math.abs(shift[axis]!) >= LEAST.cells)
    .sort((a, b) => Math.abs(parts[b]!) - Math.abs(parts[a]!))
    .map(
      (axis) =>
        `${Math.round(Math.abs(parts[axis]!))} cm ${names[axis]![parts[axis]! > 0 ? 1 : 0]}`,
    )
    .join(' and ');
}

/** Which header may have lost what it says of the grid. */
function lostGeometry(ct: ImageFacts, pet: ImageFacts): string {
  const lost = Object.entries({ CT: ct.image, PET: pet.image }).flatMap(([name, image]) => [
    ...(image.spacing.every((mm) => mm === 1) ? [`the spacing of the ${name}`] : []),
    ...(image.origin.every((mm) => mm === 0) ? [`the origin of the ${name}`] : []),
  ]);
  return lost.length === 0 ? '' : `; a header seems to have lost ${lost.join(' and ')}`;
}
