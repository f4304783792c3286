// The page: the list of cases, panes that move together, and what is known of the case.
import { SLICE_TYPE } from '@niivue/niivue';
import type { Lesion, StudyInfo } from '../api.ts';
import { CaseList } from './case-list.ts';
import { showCase, showLesions } from './case-panel.ts';
import { byId, fillSelect, get } from './dom.ts';
import { hangings, loadCase, type Display, type LoadedCase } from './hangings.ts';
import { Panes } from './panes.ts';
import { CT_WINDOWS, SUV_WINDOWS } from './presets.ts';
import { drawProjection, placeOf } from './projection.ts';
import { installShortcuts } from './shortcuts.ts';

const PLANES = [SLICE_TYPE.MULTIPLANAR, SLICE_TYPE.AXIAL, SLICE_TYPE.CORONAL, SLICE_TYPE.SAGITTAL];
/** Width of what is shown of a patient at first, mm. */
const HEAD_AND_NECK = 300;
const VIEWS = ['all', 'ct', 'pet', 'fusion'] as const;

const study = (await (await get('/api/study')).json()) as StudyInfo;
const chosen = (id: string) => Math.max(byId<HTMLSelectElement>(id).selectedIndex, 0);
const isChecked = (id: string) => byId<HTMLInputElement>(id).checked;

let loaded: LoadedCase | undefined;
let lesion: Lesion | undefined;
/** Of the case that was asked for last: a slow answer to an earlier question is dropped. */
let wanted: string | undefined;

const panes = new Panes(byId('panes'), showPlace);
const list = new CaseList(study, (id) => void open(id));

byId('title').textContent = study.title;
fillSelect('view', ['CT + PET + fusion', 'CT', 'PET', 'fusion']);
fillSelect('plane', ['all three', 'axial', 'coronal', 'sagittal']);
fillSelect('ct-window', CT_WINDOWS.map(({ name }) => name)); // prettier-ignore
fillSelect('suv-window', SUV_WINDOWS.map(({ name }) => name)); // prettier-ignore
fillSelect('run', study.runs);
for (const id of ['run', 'compare']) byId<HTMLInputElement>(id).disabled = study.runs.length < 2;
for (const id of ['view', 'ct-window', 'suv-window', 'fusion', 'run', 'compare', 'outlines']) {
  byId(id).addEventListener('change', () => void show());
}
byId('plane').addEventListener('change', () => (panes.plane = PLANES[chosen('plane')]!));
byId('next').addEventListener('click', () => stepLesion(1));
byId('previous').addEventListener('click', () => stepLesion(-1));
byId('projection').addEventListener('click', lookThrough);
window.addEventListener('hashchange', () => void open(hashCase()));

const cycle = (id: string) => () => {
  const select = byId<HTMLSelectElement>(id);
  select.selectedIndex = (select.selectedIndex + 1) % select.options.length;
  select.dispatchEvent(new Event('change'));
};
const click = (id: string) => () => byId(id).click();
installShortcuts([
  [['n'], 'next lesion', () => stepLesion(1)],
  [['p'], 'previous lesion', () => stepLesion(-1)],
  [['.'], 'next case', () => void open(list.neighbour(wanted, 1))],
  [[','], 'previous case', () => void open(list.neighbour(wanted, -1))],
  [['ArrowUp', 'PageUp'], 'towards the head', () => panes.move(0, 0, 1)],
  [['ArrowDown', 'PageDown'], 'towards the feet', () => panes.move(0, 0, -1)],
  [['ArrowLeft'], "towards the patient's right", () => panes.move(1, 0, 0)],
  [['ArrowRight'], "towards the patient's left", () => panes.move(-1, 0, 0)],
  [['f'], 'towards the front', () => panes.move(0, 1, 0)],
  [['b'], 'towards the back', () => panes.move(0, -1, 0)],
  [['v'], 'next view', cycle('view')],
  [['a'], 'next plane', cycle('plane')],
  [['w'], 'next CT window', cycle('ct-window')],
  [['u'], 'next SUV window', cycle('suv-window')],
  [['r'], 'next run', cycle('run')],
  [['c'], 'compare runs', click('compare')],
  [['o'], 'outlines on and off', click('outlines')],
  [['+', '='], 'zoom in', () => panes.zoom(1.25)],
  [['-'], 'zoom out', () => panes.zoom(0.8)],
  [['0'], 'whole image', () => panes.fit(Infinity)],
  [['/'], 'search cases', () => byId('search').focus()],
  [['?'], 'this list; Escape closes it', click('help')],
]);

list.update(0, undefined);
await open(hashCase() ?? list.neighbour(undefined, 0));

function hashCase(): string | undefined {
  return location.hash === '' ? undefined : decodeURIComponent(location.hash.slice(1));
}

async function open(id: string | undefined): Promise<void> {
  const one = study.cases.find((each) => each.id === id);
  if (one === undefined || one.id === wanted) return;
  wanted = one.id;
  say(`loading ${one.id} ...`);
  list.update(chosen('run'), one.id);
  history.replaceState(null, '', `#${encodeURIComponent(one.id)}`);
  try {
    const next = await loadCase(one.id);
    if (wanted !== one.id) return;
    loaded = next;
    [lesion] = lesions();
    showCase(study, one, loaded.info);
    await show();
    if (lesion !== undefined) panes.lookAt(lesion.centre);
    panes.fit(HEAD_AND_NECK);
    say('');
  } catch (error) {
    if (wanted !== one.id) return;
    // The patient before must not stay there under this one's name.
    loaded = undefined;
    await panes.show([]);
    byId('case-title').textContent = one.id;
    for (const id of ['results', 'lesions', 'record', 'place']) byId(id).replaceChildren();
    say((error as Error).message);
  }
}

/** What goes on, nothing when all is shown. */
function say(text: string): void {
  byId('status').textContent = text;
  byId('panes').setAttribute('aria-busy', String(text !== ''));
}

/** Shows the case as the controls say. */
async function show(): Promise<void> {
  if (loaded === undefined) return;
  const display: Display = {
    view: VIEWS[chosen('view')]!,
    ct: CT_WINDOWS[chosen('ct-window')]!,
    suv: SUV_WINDOWS[chosen('suv-window')]!,
    fusion: Number(byId<HTMLInputElement>('fusion').value) / 100,
    run: chosen('run'),
    compare: isChecked('compare'),
    outlines: isChecked('outlines'),
  };
  list.update(display.run, wanted);
  drawLesions();
  await panes.show(hangings(loaded, study.runs, display));
}

/** Those of the truth and of the runs that are shown. */
function lesions(): readonly Lesion[] {
  const run = `run-${chosen('run')}`;
  return (loaded?.info.lesions ?? []).filter(
    ({ mask }) => mask === 'truth' || mask === run || isChecked('compare'),
  );
}

function drawLesions(): void {
  showLesions(study, lesions(), lesion, lookAt);
}

function lookAt(one: Lesion | undefined): void {
  if (one === undefined) return;
  lesion = one;
  panes.lookAt(one.centre);
  drawLesions();
}

function stepLesion(step: number): void {
  const all = lesions();
  lookAt(all[(all.indexOf(lesion!) + step + all.length) % all.length]);
}

/** Position, HU and SUV under the crosshair. */
function showPlace(ras: readonly number[]): void {
  if (loaded === undefined) return;
  const { ct, pet, projection } = loaded;
  const value = (image: typeof ct) => {
    const [x, y, z] = image?.mm2vox([...ras]) ?? [];
    return image?.getValue(x!, y!, z!);
  };
  const place = ras.map((mm, i) => `${'LPIRAS'[i + (mm > 0 ? 3 : 0)]} ${Math.abs(mm).toFixed(0)}`);
  const [hu, suv] = [value(ct)?.toFixed(0) ?? '', value(pet)?.toFixed(2) ?? ''];
  byId('place').textContent = `HU ${hu} \u00b7 SUV ${suv} \u00b7 ${place.join(', ')} mm`;
  if (projection === undefined) return;
  const { high } = SUV_WINDOWS[chosen('suv-window')]!;
  drawProjection(byId<HTMLCanvasElement>('projection'), projection, high, ras);
}

/** Looks at what is brightest behind a point of the projection. */
function lookThrough({ offsetX, offsetY, target }: MouseEvent): void {
  const { clientWidth, clientHeight } = target as HTMLCanvasElement;
  const { projection } = loaded ?? {};
  if (projection === undefined) return;
  const x = Math.floor((offsetX / clientWidth) * projection.width);
  const y = Math.floor((offsetY / clientHeight) * projection.height);
  panes.lookAt(placeOf(projection, x, y));
}
