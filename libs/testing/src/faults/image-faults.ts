import {
  createGrid,
  createVolume,
  identityDirection,
  toVec3,
  voxelToWorld,
  type NumericVoxelArray,
  type Vec3,
  type Volume,
} from '@hecktor/volume';

type Image = Volume<NumericVoxelArray>;

/** A CT and a PET as they come to a container. */
export interface ImagePair {
  readonly ct: Image;
  readonly pet: Image;
}

/** What happens to a good pair on its way: at the scanner, in a conversion, in a colleague's script. */
export type ImageFault = (good: ImagePair, other: ImagePair) => ImagePair;

/**
 * Faults of CT and PET by name, each as scanners, converters and scripts make them. The second pair is
 * another patient's.
 */
export const IMAGE_FAULTS = {
  // Units of the PET.
  'PET in Bq/mL': ({ ct, pet }) => ({ ct, pet: mapped(pet, Float32Array, (suv) => suv * 2900) }),
  'PET as stored in DICOM': ({ ct, pet }) => {
    const slope = 32767 / highest(pet);
    return { ct, pet: mapped(pet, Int16Array, (suv) => Math.round(suv * slope)) };
  },
  'PET scaled to 0..1': ({ ct, pet }) => {
    const most = highest(pet);
    return { ct, pet: mapped(pet, Float32Array, (suv) => suv / most) };
  },
  // What the PET shows.
  'PET without uptake': ({ ct, pet }) => ({ ct, pet: mapped(pet, Float32Array, () => 0) }),
  'PET thresholded': ({ ct, pet }) => ({
    ct,
    pet: mapped(pet, Uint8Array, (suv) => (suv > 2.5 ? 1 : 0)),
  }),
  'PET inverted': ({ ct, pet }) => {
    const most = highest(pet);
    return { ct, pet: mapped(pet, Float32Array, (suv) => most - suv) };
  },
  'PET as 8-bit inverse grey': ({ ct, pet }) => ({
    ct,
    pet: mapped(pet, Uint8Array, (suv) =>
      Math.round(255 * (1 - Math.min(1, Math.max(0, suv / 7)))),
    ),
  }),
  'PET negated': ({ ct, pet }) => ({ ct, pet: mapped(pet, Float32Array, (suv) => -suv) }),
  // Units of the CT.
  'CT as stored in DICOM': ({ ct, pet }) => ({
    ct: mapped(ct, Uint16Array, (hu) => Math.max(0, Math.round(hu) + 1024)),
    pet,
  }),
  'CT with 1000 added': ({ ct, pet }) => ({
    ct: mapped(ct, Int16Array, (hu) => Math.round(hu) + 1000),
    pet,
  }),
  'CT windowed to 0..255': ({ ct, pet }) => ({
    ct: mapped(ct, Uint8Array, (hu) =>
      Math.round(255 * Math.min(1, Math.max(0, (hu + 160) / 400))),
    ),
    pet,
  }),
  'CT windowed to 0..1': ({ ct, pet }) => ({
    ct: mapped(ct, Float32Array, (hu) => Math.min(1, Math.max(0, (hu + 1000) / 2000))),
    pet,
  }),
  'CT divided by 1000': ({ ct, pet }) => ({
    ct: mapped(ct, Float32Array, (hu) => hu / 1000),
    pet,
  }),
  // The wrong image.
  'CT and PET swapped': ({ ct, pet }) => ({ ct: pet, pet: ct }),
  'the CT in both folders': ({ ct }) => ({ ct, pet: ct }),
  'the PET in both folders': ({ pet }) => ({ ct: pet, pet }),
  'PET of another patient': ({ ct }, { pet }) => ({ ct, pet }),
  // Where the images lie.
  'PET 5 cm to the left': ({ ct, pet }) => ({ ct, pet: shifted(pet, [50, 0, 0]) }),
  'PET 4 cm to the back': ({ ct, pet }) => ({ ct, pet: shifted(pet, [0, 40, 0]) }),
  'PET 6 cm to the head': ({ ct, pet }) => ({ ct, pet: shifted(pet, [0, 0, 60]) }),
  'PET mirrored left to right': ({ ct, pet }) => ({ ct, pet: flipped(pet, 0) }),
  'PET mirrored front to back': ({ ct, pet }) => ({ ct, pet: flipped(pet, 1) }),
  'PET upside down': ({ ct, pet }) => ({ ct, pet: flipped(pet, 2) }),
  'PET with its direction lost': ({ ct, pet }) => ({ ct, pet: directionLost(pet) }),
  'spacing of the PET lost': ({ ct, pet }) => ({ ct, pet: placed(pet, { spacing: [1, 1, 1] }) }),
  'spacing of the CT lost': ({ ct, pet }) => ({ ct: placed(ct, { spacing: [1, 1, 1] }), pet }),
  'origin of the PET lost': ({ ct, pet }) => ({ ct, pet: placed(pet, { origin: [0, 0, 0] }) }),
  'origins of both lost': ({ ct, pet }) => ({
    ct: placed(ct, { origin: [0, 0, 0] }),
    pet: placed(pet, { origin: [0, 0, 0] }),
  }),
  'both upside down': ({ ct, pet }) => ({ ct: flipped(ct, 2), pet: flipped(pet, 2) }),
  // What is in the field of view.
  'no head': ({ ct, pet }) => {
    const top = ct.origin[2] + 0.35 * ct.size[2] * ct.spacing[2];
    return { ct: below(ct, top), pet: below(pet, top) };
  },
} as const satisfies Record<string, ImageFault>;

/** The slices below a height, mm, of an image whose slices lie along z. */
function below(image: Image, top: number): Image {
  const [nx, ny, nz] = image.size;
  const count = Math.min(nz, Math.floor((top - image.origin[2]) / image.spacing[2]));
  const grid = createGrid([nx, ny, count], { ...image });
  return createVolume(grid, image.data.slice(0, nx * ny * count));
}

function mapped(
  image: Image,
  type: { new (length: number): NumericVoxelArray },
  change: (value: number) => number,
): Image {
  const data = new type(image.data.length);
  for (let i = 0; i < data.length; i++) data[i] = change(image.data[i]!);
  return createVolume(image, data);
}

function highest({ data }: Image): number {
  let most = -Infinity;
  for (const value of data) if (value > most) most = value;
  return most;
}

function placed(image: Image, fields: Partial<Pick<Image, 'spacing' | 'origin'>>): Image {
  return createVolume(createGrid(image.size, { ...image, ...fields }), image.data);
}

function shifted(image: Image, by: Vec3): Image {
  const origin = toVec3(image.origin.map((mm, axis) => mm + by[axis]!));
  return placed(image, { origin });
}

/** The voxels in reverse order along an axis, the geometry as before. */
function flipped(image: Image, axis: number): Image {
  const data = image.data.slice();
  const [nx, ny, nz] = image.size;
  for (let k = 0, at = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++) {
      for (let i = 0; i < nx; i++, at++) {
        const from = [i, j, k].map((n, a) => (a === axis ? image.size[a]! - 1 - n : n));
        data[at] = image.data[from[0]! + nx * (from[1]! + ny * from[2]!)]!;
      }
    }
  }
  return createVolume(image, data);
}

/** Stored with x and y running the other way, as NIfTI often is, and read without its direction. */
function directionLost(image: Image): Image {
  const corner = voxelToWorld(image, [image.size[0] - 1, image.size[1] - 1, 0]);
  const turned = flipped(flipped(image, 0), 1);
  return createVolume(
    createGrid(image.size, {
      spacing: image.spacing,
      origin: corner,
      direction: identityDirection(),
    }),
    turned.data,
  );
}
