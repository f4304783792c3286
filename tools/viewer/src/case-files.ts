import { readFileSync, realpathSync } from 'node:fs';
import { isAbsolute, relative } from 'node:path';
import { readLabelMap } from '@hecktor/case-io';
import { HecktorError, isHecktorError } from '@hecktor/errors';
import { readVolume, toNumeric } from '@hecktor/image-io';
import { resampleVolume } from '@hecktor/preprocessing';
import { toHecktorError } from '@hecktor/runtime';
import {
  createGrid,
  toVec3,
  voxelToWorld,
  type Grid,
  type NumericVoxelArray,
  type Volume,
} from '@hecktor/volume';
import type { CaseInfo, Lesion } from './api.ts';
import { findLesions } from './lesions.ts';
import type { Study } from './study.ts';

export interface CaseFiles {
  /** Throws CASE_UNKNOWN. */
  info(id: string): Promise<CaseInfo>;
  /**
   * An image or label map of a case; the PET interpolated linearly to voxels of 2 mm or less that fill
   * the extent of the CT, since graphics cards show those of a scanner as blocks.
   *
   * @throws HecktorError CASE_UNKNOWN, or as `readVolume` does.
   */
  image(id: string, name: string): Promise<Image>;
}

type Image = Volume<NumericVoxelArray>;

const isMask = (name: string) => name === 'truth' || name.startsWith('run-');

/** Reads the images of one patient at a time, each once: two CTs would fill a laptop's memory. */
export function openCaseFiles({ cases, labels, roots }: Study): CaseFiles {
  const allowed = roots.map((root) => realpathSync(root));
  const known = new Map<string, Promise<Image>>();
  let current: string | undefined;

  async function read(id: string, name: string): Promise<Image> {
    const path = cases.get(id)?.images.get(name);
    if (path === undefined) throw unknown(`${name} of ${id}`);
    if (current !== id) known.clear();
    current = id;
    const file = assertBelow(path, allowed);
    const reading =
      known.get(name) ??
      (isMask(name)
        ? readLabelMap(file, labels, { code: 'OUTPUT_LABELS_INVALID' }).then(({ mask }) => mask)
        : readVolume(file).then(toNumeric));
    known.set(name, reading);
    return reading;
  }

  async function image(id: string, name: string): Promise<Image> {
    const found = await read(id, name);
    const ct = name === 'pet' ? await read(id, 'ct').catch(() => undefined) : undefined;
    if (ct === undefined) return found;
    const data = found.data.map((value) => (Number.isFinite(value) ? value : 0));
    return resampleVolume({ ...found, data }, fineGrid(ct), { name, interpolation: 'linear' });
  }

  async function info(id: string): Promise<CaseInfo> {
    const one = cases.get(id);
    if (one === undefined) throw unknown(id);
    const problems: string[] = [];
    const found = new Map<string, Image>();
    for (const name of one.images.keys()) {
      // Beside CT and PET there may be a planning CT and its dose, which are not shown.
      if (!isMask(name) && name !== 'ct' && name !== 'pet') continue;
      try {
        found.set(name, await read(id, name));
      } catch (error) {
        problems.push(toHecktorError(error).message);
      }
    }
    const masks = [...found].filter(([name]) => isMask(name)) as [string, Volume<Uint8Array>][];
    const lesionsBy = (pet: Image | undefined): Lesion[] =>
      masks.flatMap(([name, mask]) => {
        // A lesion of the truth is looked for in the runs, one of a run in the truth.
        const others = masks.filter(([other]) => (other === 'truth') !== (name === 'truth'));
        return findLesions(name, mask, { labels, pet, others });
      });
    let lesions: Lesion[];
    try {
      lesions = lesionsBy(found.get('pet'));
    } catch (error) {
      // A PET with NaN in a lesion has no SUVmax.
      if (!isHecktorError(error, 'IMAGE_NOT_FINITE')) throw error;
      problems.push(error.message);
      lesions = lesionsBy(undefined);
    }
    const { row, record: file } = one;
    const record =
      file === undefined
        ? row
        : (JSON.parse(readFileSync(assertBelow(file, allowed), 'utf8')) as object);
    return { id, images: [...found.keys()], lesions, record: { ...record }, problems };
  }

  return { info, image };
}

function unknown(detail: string): HecktorError {
  return new HecktorError('CASE_UNKNOWN', { detail });
}

/** Voxels of at most 2 mm that fill the extent of a grid. */
function fineGrid(grid: Grid): Grid {
  const size = toVec3(grid.size.map((n, axis) => Math.ceil((n * grid.spacing[axis]!) / 2)));
  const spacing = toVec3(grid.size.map((n, axis) => (n * grid.spacing[axis]!) / size[axis]!));
  const first = toVec3(spacing.map((step, axis) => step / grid.spacing[axis]! / 2 - 0.5));
  return createGrid(size, {
    spacing,
    origin: voxelToWorld(grid, first),
    direction: grid.direction,
  });
}

/** Follows links: what lies outside the folders that were named is not handed out. */
function assertBelow(path: string, roots: readonly string[]): string {
  const real = realpathSync(path);
  const isBelow = (way: string) => !way.startsWith('..') && !isAbsolute(way);
  if (roots.some((root) => isBelow(relative(root, real)))) return real;
  throw new HecktorError('IMAGE_UNREADABLE', {
    file: path,
    detail: 'it is a link out of the folders that the viewer was given',
    cause: 'a data set whose images lie elsewhere',
    fix: 'give a table (.csv) of the paths of the images as --data',
  });
}
