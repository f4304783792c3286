import { NVImage } from '@niivue/niivue';
import type { CaseInfo } from '../api.ts';
import { get } from './dom.ts';
import { readMask, type Mask, type Outline } from './outlines.ts';
import type { Contents, Layer } from './pane.ts';
import type { Window } from './presets.ts';
import { project, type Projection } from './projection.ts';

/** A case with all that is shown of it. */
export interface LoadedCase {
  readonly info: CaseInfo;
  readonly ct: NVImage | undefined;
  readonly pet: NVImage | undefined;
  readonly masks: ReadonlyMap<string, Mask>;
  readonly projection: Projection | undefined;
}

export async function loadCase(id: string): Promise<LoadedCase> {
  const path = `/api/cases/${encodeURIComponent(id)}`;
  const info = (await (await get(path)).json()) as CaseInfo;
  const load = async (name: string) => {
    const url = await (await get(`${path}/${name}`)).arrayBuffer();
    // The window is given later; looking for a good one would take time.
    return [
      name,
      await NVImage.loadFromUrl({ url, name: `${name}.nii`, cal_min: 0, cal_max: 1 }),
    ] as const;
  };
  const images = new Map(await Promise.all(info.images.map(load)));
  const [ct, pet] = [images.get('ct'), images.get('pet')];
  const masks = [...images].filter(([name]) => name !== 'ct' && name !== 'pet');
  return {
    ...{ info, ct, pet },
    masks: new Map(masks.map(([name, image]) => [name, readMask(image)])),
    projection: pet === undefined ? undefined : project(pet),
  };
}

/** What the controls say. */
export interface Display {
  readonly view: 'all' | 'ct' | 'pet' | 'fusion';
  readonly ct: Window;
  readonly suv: Window;
  /** Opacity of the PET on the CT. */
  readonly fusion: number;
  readonly run: number;
  readonly compare: boolean;
  readonly outlines: boolean;
}

type Picture = 'ct' | 'pet' | 'fusion';

/** What each pane shows: an image each or, to compare, a run each. */
export function hangings(
  loaded: LoadedCase,
  runs: readonly string[],
  display: Display,
): readonly Contents[] {
  const { view } = display;
  if (!display.compare) {
    const pictures: readonly Picture[] = view === 'all' ? ['ct', 'pet', 'fusion'] : [view];
    return pictures.map((picture) => hanging(loaded, picture, display));
  }
  return runs.map((name, run) => {
    const picture = view === 'all' ? 'fusion' : view;
    const contents = hanging(loaded, picture, { ...display, run });
    return { ...contents, title: `${name} \u00b7 ${contents.title}` };
  });
}

function hanging({ ct, pet, masks }: LoadedCase, picture: Picture, display: Display): Contents {
  const layers: Layer[] = [];
  // The PET comes with the extent of the CT, so that all panes have one field of view.
  if (ct !== undefined && picture !== 'pet') {
    layers.push({ image: ct, colours: 'gray', window: display.ct, opacity: 1 });
  }
  if (pet !== undefined && picture !== 'ct') {
    const colours = picture === 'pet' ? 'inverse' : 'hot';
    const opacity = picture === 'pet' ? 1 : display.fusion;
    layers.push({ image: pet, colours, window: display.suv, opacity });
  }
  const names = display.outlines ? [`run-${display.run}`, 'truth'] : [];
  const outlines = names.flatMap((name): Outline[] => {
    const mask = masks.get(name);
    return mask === undefined ? [] : [{ mask, isTruth: name === 'truth' }];
  });
  const title = {
    ct: `CT ${display.ct.name}`,
    pet: `PET ${display.suv.name}`,
    fusion: `fusion ${display.suv.name}`,
  }[picture];
  return { title, layers, outlines, white: picture === 'pet' };
}
