import { readLabelMap, type Label } from '@hecktor/case-io';
import { choosePlanes, findFocus } from '@hecktor/demo';
import { readVolume, toNumeric } from '@hecktor/image-io';
import { cropToLabels, type DetectionOptions, type Mask } from '@hecktor/metrics';
import { createVolume, toVec3, voxelToWorld, type Vec3 } from '@hecktor/volume';
import { markup, type Markup } from '../markup.ts';
import { table } from '../table.ts';
import { lesionPairs, type LesionPair } from './lesions.ts';
import { outlines } from './outline.ts';
import { project, projections, type View } from './project.ts';
import { tile, type Layer, type Marks } from './tile.ts';

/** Where the images and masks of a case lie. */
export interface CaseFiles {
  readonly ct: string;
  readonly pet: string;
  readonly truth: string;
  readonly prediction: string;
}

export interface PictureOptions {
  readonly id: string;
  /** Of the case on the page; ids of its pictures begin with it. */
  readonly anchor: string;
  readonly labels: readonly Label[];
  /** What the planes go through. */
  readonly through: 'disagreement' | 'lesion';
  readonly detection: DetectionOptions;
}

/** Millimetres a pixel of a plane. */
const PIXEL = 1;
/** Hounsfield units from black to white. */
export const CT_WINDOW = [-160, 240] as const;
/** Standardised uptake that pictures hold; windows of the page lie within. */
export const SUV_RANGE = [0, 10] as const;
/** Crumbs of a mask need no row each. */
const MAX_LESIONS = 15;

const FROM_FRONT = ['R', 'L', 'S', 'I'] as const;
const FROM_SIDE = ['A', 'P', 'S', 'I'] as const;
const VIEWS = {
  axial: { title: 'Axial', marks: ['R', 'L', 'A', 'P'] },
  coronal: { title: 'Coronal', marks: FROM_FRONT },
  sagittal: { title: 'Sagittal', marks: FROM_SIDE },
  front: { title: 'PET MIP from the front', marks: FROM_FRONT },
  side: { title: 'PET MIP from the left', marks: FROM_SIDE },
} as const satisfies Record<string, { title: string; marks: Marks }>;
type ViewName = keyof typeof VIEWS;
const VIEW_ENTRIES = Object.entries(VIEWS) as [ViewName, (typeof VIEWS)[ViewName]][];

/**
 * Pictures of a case: CT, PET and fusion with the outlines of truth and prediction in three planes,
 * projections of the PET from the front and the side, and a table of lesions.
 *
 * @throws HecktorError of a file that cannot be read.
 */
export async function casePictures(files: CaseFiles, options: PictureOptions): Promise<Markup> {
  const { id, anchor, labels, through, detection } = options;
  const read = async (path: string) => toNumeric(await readVolume(path));
  const readMask = async (path: string, code: 'COHORT_INVALID' | 'OUTPUT_LABELS_INVALID') =>
    (await readLabelMap(path, labels, { code })).mask;
  const [ct, pet] = [await read(files.ct), await read(files.pet)];
  const [truth, prediction] = cropToLabels(
    await readMask(files.truth, 'COHORT_INVALID'),
    await readMask(files.prediction, 'OUTPUT_LABELS_INVALID'),
  );
  const middle = voxelToWorld(ct, toVec3(ct.size.map((n) => (n - 1) / 2)));
  const focus = focusOf(truth, prediction, through) ?? middle;
  const { axial, coronal, sagittal } = choosePlanes(ct, focus, PIXEL);
  const views: Record<ViewName, View> = {
    axial: { ...axial, depth: 1 },
    coronal: { ...coronal, depth: 1 },
    sagittal: { ...sagittal, depth: 1 },
    ...projections(pet, ct),
  };
  const truthLines = await outlines(truth, labels, 'truth', views);
  const predictedLines = await outlines(prediction, labels, 'prediction', views);
  const figures: Record<'planes' | 'projections', Markup[]> = { planes: [], projections: [] };
  for (const [name, { title, marks }] of VIEW_ENTRIES) {
    const view = views[name];
    const isFlat = view.depth === 1;
    const grey = await layer(name, 'pet');
    const shown: [string, Layer[]][] = [[isFlat ? 'PET' : '', [grey]]];
    if (isFlat) {
      const ctLayer = await layer(name, 'ct');
      shown.unshift(['CT', [ctLayer]]);
      shown.push(['fusion', [{ id: ctLayer.id }, { id: grey.id, tint: 'hot' }]]);
    }
    const lines = [...truthLines[name], ...predictedLines[name]];
    const drawn = lines.map(({ label, source }) => `${label.name} of the ${source}`).join(', ');
    for (const [what, layers] of shown) {
      const caption = `${title} ${what}`.trim();
      const description = `${id}: ${caption}; outlines: ${drawn === '' ? 'none here' : drawn}`;
      const svg = tile({ description, view, marks, layers, outlines: lines });
      const figure = markup`<figure>${svg}<figcaption>${caption}</figcaption></figure>`;
      figures[isFlat ? 'planes' : 'projections'].push(figure);
    }
  }
  const pairs = lesionPairs({ truth, prediction }, pet, labels, detection);
  return markup`<div class="pictures"><div class="planes">${figures.planes}</div><div class="projections">${figures.projections}</div><div class="lesions">${lesionTable(id, pairs)}</div></div>`;

  async function layer(name: ViewName, image: 'ct' | 'pet'): Promise<Layer> {
    const values = await project(image === 'ct' ? ct : pet, views[name], image);
    const pixels = { id: `${anchor}-${name}-${image}`, values };
    return image === 'ct'
      ? { ...pixels, range: CT_WINDOW }
      : { ...pixels, range: SUV_RANGE, tint: 'grey' };
  }
}

/**
 * A voxel in the largest lesion, or in the largest connected part in which the masks differ;
 * undefined where both are empty.
 */
function focusOf(
  truth: Mask,
  prediction: Mask,
  through: PictureOptions['through'],
): Vec3 | undefined {
  if (through === 'disagreement') {
    const differs = truth.data.map((value, i) => (value === prediction.data[i] ? 0 : 1));
    if (differs.includes(1)) return findFocus(createVolume(truth, differs));
  }
  const seen = [truth, prediction].find(({ data }) => data.some(Boolean));
  return seen && findFocus(seen);
}

function lesionTable(id: string, pairs: readonly LesionPair[]): Markup {
  if (pairs.length === 0) return markup`<p>Neither the truth nor the prediction has a lesion.</p>`;
  const left = pairs.length - MAX_LESIONS;
  const finding = ({ truth, prediction }: LesionPair): string => {
    if (truth === undefined) return 'false positive';
    return prediction === undefined ? 'missed' : 'detected';
  };
  return markup`${table<LesionPair>(
    [
      { name: 'Label', value: ({ label }) => label.name },
      { name: 'Finding', value: finding },
      { name: 'Truth (mL)', value: ({ truth }) => truth?.volume ?? NaN, digits: 1 },
      { name: 'SUVmax', value: ({ truth }) => truth?.suvMax ?? NaN, digits: 1 },
      { name: 'Predicted (mL)', value: ({ prediction }) => prediction?.volume ?? NaN, digits: 1 },
      { name: 'SUVmax', value: ({ prediction }) => prediction?.suvMax ?? NaN, digits: 1 },
      { name: 'IoU', value: ({ iou }) => iou ?? NaN, digits: 2 },
    ],
    pairs.slice(0, MAX_LESIONS),
    { caption: `Lesions of ${id}` },
  )}${left > 0 && markup`<p class="note">${left} further lesions are not listed.</p>`}`;
}
