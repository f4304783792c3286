import type { CaseInfo, CaseRow, Lesion, StudyInfo } from '../api.ts';
import { byId, element, tableRow } from './dom.ts';
import { outlineColour } from './presets.ts';

/** What is known of a case beside its images. */
export function showCase({ runs }: StudyInfo, { id, results }: CaseRow, info: CaseInfo): void {
  byId('case-title').textContent = id;
  byId('problems').replaceChildren(...info.problems.map((text) => element('p', {}, text)));
  const lines = results.map((result, i) => {
    const scores = Object.entries(result.dsc).map(([name, dsc]) => `${name} DSC ${dsc.toFixed(3)}`);
    const answers = result.answers.map(({ output, value, number, truth }) => {
      return `${output} ${number?.toPrecision(3) ?? value}${truth === undefined ? '' : ` (truth: ${truth})`}`;
    });
    const said = [...scores, ...answers, result.failure ?? ''].filter(Boolean);
    return element('p', {}, element('strong', {}, `${runs[i]} `), said.join(', '));
  });
  byId('results').replaceChildren(...lines);
  const facts = Object.entries(info.record).filter(([, value]) => value !== '');
  byId('record').replaceChildren(...facts.map(([name, value]) => tableRow(name, String(value))));
}

/** The lesions; a click on one looks at it. */
export function showLesions(
  { runs }: StudyInfo,
  lesions: readonly Lesion[],
  current: Lesion | undefined,
  onSelect: (lesion: Lesion) => void,
): void {
  const name = (mask: string) => (mask === 'truth' ? mask : runs[Number(mask.slice(4))]!);
  const rows = lesions.flatMap((lesion, i) => {
    const { mask, title, label, volume, suvMax, absentIn } = lesion;
    const mark = element('i');
    mark.style.borderColor = outlineColour(label, mask === 'truth');
    const button = element('button', { type: 'button' }, mark, title);
    button.addEventListener('click', () => onSelect(lesion));
    const missed = `missed by ${absentIn.map(name).join(', ')}`;
    const verdict = absentIn.length === 0 ? '' : mask === 'truth' ? missed : 'not in the truth';
    const size = volume.toFixed(volume < 10 ? 2 : 1);
    const line = tableRow(button, size, suvMax?.toFixed(1) ?? '\u2013', verdict);
    if (lesion === current) line.setAttribute('aria-current', 'true');
    if (lesions[i - 1]?.mask === mask) return line;
    const outline = mask === 'truth' ? 'dashed' : 'solid';
    const head = element('th', { colSpan: 4 }, `${name(mask)}, ${outline}`);
    return [element('tr', {}, head), line];
  });
  byId('lesions').replaceChildren(...rows);
  byId('lesions').querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest' });
}
