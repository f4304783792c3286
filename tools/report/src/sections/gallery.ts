import type { Label } from '@hecktor/case-io';
import type { CaseScore } from '@hecktor/cohort';
import { isHecktorError } from '@hecktor/errors';
import type { DetectionOptions } from '@hecktor/metrics';
import { markup, type Content, type Markup } from '../markup.ts';
import { casePictures, CT_WINDOW, type CaseFiles } from '../pictures/case-pictures.ts';
import { SUV_WINDOWS } from '../page-style.ts';
import { format } from '../table.ts';

const WORST = 6;
const BEST = 3;

/** A case to be shown; its planes go through what disagrees, but those of the best. */
export interface Pictured {
  readonly one: CaseScore;
  readonly files: CaseFiles;
  readonly anchor: string;
  /** Undefined: cases are too few to be told apart. */
  readonly rank: 'worst' | 'best' | undefined;
}

/**
 * The cases that cost most, worst first, and the best ones, best first: by the mean of the labels'
 * Dice coefficients; fewer cases than that all together, worst first. Those whose files are not known
 * have no pictures.
 */
export function choosePictured(
  cases: readonly CaseScore[],
  filesOf: (id: string) => CaseFiles | undefined,
): Pictured[] {
  const meanDsc = ({ labels = {} }: CaseScore): number => {
    const known = Object.values(labels).filter(({ dsc }) => !Number.isNaN(dsc));
    return known.reduce((sum, { dsc }) => sum + dsc, 0) / known.length;
  };
  const ranked = cases
    .flatMap((one, i) => {
      const files = one.status === 'scored' ? filesOf(one.id) : undefined;
      if (files === undefined || Number.isNaN(meanDsc(one))) return [];
      return [{ one, files, anchor: `case-${i + 1}` }];
    })
    .sort((a, b) => meanDsc(a.one) - meanDsc(b.one));
  if (ranked.length < WORST + BEST) return ranked.map((each) => ({ ...each, rank: undefined }));
  const best = ranked.slice(WORST).slice(-BEST).reverse();
  return [
    ...ranked.slice(0, WORST).map((each) => ({ ...each, rank: 'worst' }) as const),
    ...best.map((each) => ({ ...each, rank: 'best' }) as const),
  ];
}

export interface GalleryOptions {
  readonly labels: readonly Label[];
  readonly detection: DetectionOptions;
  /** What is known of a case besides its masks. */
  readonly aboutOf: (id: string) => Content;
}

/** The pictures of cases, with the controls of window and outlines. */
export async function gallery(
  pictured: readonly Pictured[],
  options: GalleryOptions,
): Promise<Markup> {
  const articles: Markup[] = [];
  for (const each of pictured) articles.push(await article(each, options));
  return markup`<p>Radiological convention: the patient's right is on the left. R right, L left, A anterior, P posterior, S superior, I inferior.
MIP: maximum intensity projection. CT ${CT_WINDOW[0]} to ${CT_WINDOW[1]} HU.</p>
${controls(options.labels)}
${articles}`;
}

function controls(labels: readonly Label[]): Markup {
  return markup`<form class="controls">
<fieldset><legend>PET window, SUV</legend>${SUV_WINDOWS.map(
    (high, i) =>
      markup`<label><input type="radio" name="window" id="window-${high}"${i === 0 && markup` checked`}> 0 to ${high}</label>`,
  )}<span class="scales">${SUV_WINDOWS.map((high) => markup`<span class="only-${high}">0 <i class="ramp-grey"></i><i class="ramp-hot"></i> ${high}</span>`)}</span></fieldset>
<fieldset><legend>Outlines</legend><label><input type="checkbox" id="outlines" checked> show</label>
${labels.flatMap(({ name, value }) =>
  (['prediction', 'truth'] as const).map(
    (source) =>
      markup`<span class="key"><svg viewBox="0 0 30 10" aria-hidden="true"><g class="outline ${source} label-${value}"><path d="M1 5h28"/><path d="M1 5h28"/></g></svg> ${name} ${source}</span>`,
  ),
)}</fieldset></form>`;
}

async function article(
  { one, files, anchor, rank }: Pictured,
  options: GalleryOptions,
): Promise<Markup> {
  const scores = Object.entries(one.labels ?? {}).map(
    ([name, s]) => `${name} DSC ${format(s.dsc)}`,
  );
  const through = rank === 'best' ? 'lesion' : 'disagreement';
  let content: Markup;
  try {
    content = await casePictures(files, { ...options, id: one.id, anchor, through });
  } catch (error) {
    // One image that cannot be shown must not cost the report of all others.
    if (!isHecktorError(error)) throw error;
    content = markup`<p>No pictures: ${error.message}</p>`;
  }
  const where =
    through === 'disagreement'
      ? 'Planes through the largest part in which truth and prediction disagree.'
      : 'Planes through the largest lesion.';
  return markup`<article id="${anchor}" aria-labelledby="${anchor}-title"><h3 id="${anchor}-title">${one.id} <small>${rank !== undefined && `${rank}; `}${scores.join(', ')}</small></h3>
${options.aboutOf(one.id)}<p>${where} <span class="print-window">${SUV_WINDOWS.map((high) => markup`<span class="only-${high}">PET SUV 0 to ${high}.</span>`)}</span></p>
${content}</article>`;
}
