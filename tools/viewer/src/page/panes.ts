import { SLICE_TYPE, type Niivue } from '@niivue/niivue';
import { Pane, type Contents } from './pane.ts';

const EMPTY: Contents = { title: '', layers: [], outlines: [], white: false };

/** The panes, which all look at one place. */
export class Panes {
  readonly #container: HTMLElement;
  readonly #onPlace: (ras: readonly number[]) => void;
  readonly #all: Pane[] = [];
  #shown: readonly Pane[] = [];
  #plane = SLICE_TYPE.MULTIPLANAR;
  #last = '';

  /** @param onPlace Is told where the crosshair is, RAS in mm. */
  constructor(container: HTMLElement, onPlace: (ras: readonly number[]) => void) {
    this.#container = container;
    this.#onPlace = onPlace;
    const onWheel = (event: WheelEvent) => {
      if (!event.ctrlKey) return;
      event.preventDefault();
      event.stopPropagation();
      this.zoom(event.deltaY < 0 ? 1.15 : 1 / 1.15);
    };
    container.addEventListener('wheel', onWheel, { capture: true, passive: false });
  }

  async show(contents: readonly Contents[]): Promise<void> {
    while (this.#all.length < contents.length) {
      const pane: Pane = new Pane(() => this.#follow(pane));
      this.#all.push(pane);
      this.#container.append(pane.element);
      await pane.attach();
      pane.nv.setSliceType(this.#plane);
    }
    const { crosshairPos, pan2Dxyzmm } = this.#leader?.scene ?? {};
    const view = crosshairPos && pan2Dxyzmm && ([[...crosshairPos], [...pan2Dxyzmm]] as const);
    this.#shown = [];
    this.#all.forEach((pane, i) => {
      pane.element.hidden = contents[i] === undefined;
      pane.show(contents[i] ?? EMPTY);
    });
    this.#shown = this.#all.slice(0, contents.length);
    // A pane that was hidden may look elsewhere.
    this.#last = '';
    if (view !== undefined) this.#change(...view);
  }

  /** A pane that shows something; the others follow it. */
  get #leader(): Niivue | undefined {
    return this.#shown.find(({ nv }) => nv.volumes.length > 0)?.nv;
  }

  set plane(plane: SLICE_TYPE) {
    this.#plane = plane;
    for (const pane of this.#all) pane.nv.setSliceType(plane);
  }

  /** Moves the crosshair to a position, RAS in mm, and that to the middle of the picture. */
  lookAt(ras: readonly number[], zoom = this.#leader?.scene.pan2Dxyzmm[3] ?? 1): void {
    const nv = this.#leader;
    if (nv === undefined) return;
    const middle = nv.frac2mm([0.5, 0.5, 0.5], 0, true);
    const pan = ras.map((mm, i) => (zoom === 1 ? 0 : middle[i]! - zoom * mm));
    this.#change([...nv.mm2frac([...ras] as [number, number, number], 0, true)], [...pan, zoom]);
  }

  /** Moves it by voxels, right, front, head. */
  move(...voxels: readonly [number, number, number]): void {
    const { scene, volumes } = this.#leader ?? {};
    const sizes = volumes?.[0]?.dimsRAS?.slice(1) ?? [];
    const at = [...(scene?.crosshairPos ?? [])].map((part, i) => part + voxels[i]! / sizes[i]!);
    this.#change(at.map((part) => Math.min(Math.max(part, 0), 1)));
  }

  /** Zooms by a factor about the crosshair. */
  zoom(factor: number): void {
    this.#zoomTo(factor * (this.#leader?.scene.pan2Dxyzmm[3] ?? 1));
  }

  /** Shows so many mm around the crosshair, from side to side. */
  fit(mm: number): void {
    const { dimsRAS, pixDimsRAS } = this.#leader?.volumes[0] ?? {};
    this.#zoomTo(((dimsRAS?.[1] ?? 1) * (pixDimsRAS?.[1] ?? 1)) / mm);
  }

  #zoomTo(zoom: number): void {
    const nv = this.#leader;
    const place = [...(nv?.frac2mm(nv.scene.crosshairPos, 0, true) ?? [])].slice(0, 3);
    this.lookAt(place, Math.min(Math.max(zoom, 1), 15));
  }

  #change(crosshair: readonly number[], pan?: readonly number[]): void {
    const nv = this.#leader;
    if (nv === undefined) return;
    nv.scene.crosshairPos = [...crosshair] as [number, number, number];
    if (pan !== undefined) nv.scene.pan2Dxyzmm = [...pan] as [number, number, number, number];
    nv.drawScene();
  }

  /** Has the others look where one has moved. */
  #follow({ nv: { scene }, nv }: Pane): void {
    const shown = this.#shown;
    const view = [...scene.crosshairPos, ...scene.pan2Dxyzmm].join();
    const isShown = nv.volumes.length > 0 && shown.some((pane) => pane.nv === nv);
    if (view === this.#last || !isShown) return;
    this.#last = view;
    // While they draw nobody leads.
    this.#shown = [];
    for (const other of shown) {
      if (other.nv === nv) continue;
      other.nv.scene.crosshairPos = [...scene.crosshairPos] as [number, number, number];
      other.nv.scene.pan2Dxyzmm = [...scene.pan2Dxyzmm] as [number, number, number, number];
      other.nv.drawScene();
    }
    this.#shown = shown;
    this.#onPlace([...nv.frac2mm(scene.crosshairPos, 0, true)].slice(0, 3));
  }
}
