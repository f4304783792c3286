import { DRAG_MODE, Niivue, SHOW_RENDER, type NVImage } from '@niivue/niivue';
import { drawOverlay, type Outline } from './outlines.ts';
import { COLOUR_MAPS, type Window } from './presets.ts';

/** How an image is laid into a pane. */
export interface Layer {
  readonly image: NVImage;
  readonly colours: 'gray' | keyof typeof COLOUR_MAPS;
  readonly window: Window;
  readonly opacity: number;
}

export interface Contents {
  readonly title: string;
  readonly layers: readonly Layer[];
  readonly outlines: readonly Outline[];
  /** Dark on white. */
  readonly white: boolean;
}

/** One canvas of NiiVue's with outlines over it. */
export class Pane {
  readonly element = document.createElement('figure');
  readonly nv: Niivue;
  readonly #title = document.createElement('figcaption');
  readonly #canvas = document.createElement('canvas');
  readonly #overlay = document.createElement('canvas');
  #shown: Pick<Contents, 'layers' | 'outlines'> = { layers: [], outlines: [] };

  /** @param onDraw Is called whenever the view may have changed. */
  constructor(onDraw: () => void) {
    this.nv = new Niivue({
      ...{ loadingText: '', isSliceMM: true, dragAndDropEnabled: false, logLevel: 'error' },
      ...{
        isRadiologicalConvention: true,
        sagittalNoseLeft: true,
        showAllOrientationMarkers: true,
      },
      ...{ multiplanarShowRender: SHOW_RENDER.NEVER, multiplanarPadPixels: 4 },
      ...{ fontMinPx: 12, fontSizeScaling: 0.1, dragMode: DRAG_MODE.none, crosshairWidth: 0 },
      mouseEventConfig: {
        leftButton: { primary: DRAG_MODE.crosshair },
        rightButton: DRAG_MODE.pan,
        centerButton: DRAG_MODE.pan,
      },
    });
    for (const [name, map] of Object.entries(COLOUR_MAPS)) this.nv.addColormap(name, map);
    const draw = this.nv.drawScene.bind(this.nv);
    this.nv.drawScene = () => {
      // Else the slices of the patient before would count.
      if (this.nv.volumes.length === 0) this.nv.screenSlices = [];
      draw();
      drawOverlay(this.nv, this.#overlay, this.#shown.outlines);
      onDraw();
    };
    this.#canvas.tabIndex = 0;
    const stage = document.createElement('div');
    stage.append(this.#canvas, this.#overlay);
    this.element.append(this.#title, stage);
  }

  /** To be called once the element is in the page. */
  async attach(): Promise<void> {
    await this.nv.attachToCanvas(this.#canvas);
  }

  show({ title, layers, outlines, white }: Contents): void {
    this.#title.textContent = title;
    this.#canvas.setAttribute('aria-label', title);
    const { opts } = this.nv;
    opts.backColor = white ? [1, 1, 1, 1] : [0, 0, 0, 1];
    opts.fontColor = white ? [0.1, 0.1, 0.5, 1] : [1, 0.85, 0.35, 1];
    const before = this.#shown.layers;
    this.#shown = { layers, outlines };
    const isSame = (...fields: readonly (keyof Layer)[]) =>
      layers.length === before.length &&
      layers.every((layer, i) => fields.every((field) => layer[field] === before[i]![field]));
    if (isSame('image', 'colours', 'window', 'opacity')) this.nv.drawScene();
    else if (isSame('image')) {
      layers.forEach((layer, i) => dress(this.nv.volumes[i]!, layer));
      this.nv.updateGLVolume();
    } else {
      // Each pane has an image of its own for its colours; the voxels are shared.
      const images = layers.map((layer) => {
        const copy = Object.create(Object.getPrototypeOf(layer.image) as object) as NVImage;
        return dress(Object.assign(copy, layer.image, { id: crypto.randomUUID() }), layer);
      });
      this.nv.volumes = images.slice(0, -1);
      if (images.length > 0) this.nv.addVolume(images.at(-1)!);
      else this.nv.drawScene();
    }
    // Made for renderings in 3-D, which are not offered; as large as the CT on the graphics card.
    this.nv.gl.deleteTexture(this.nv.gradientTexture);
    this.nv.gradientTexture = null;
  }
}

function dress(image: NVImage, { colours, window, opacity }: Layer): NVImage {
  const { low, high } = window;
  return Object.assign(image, {
    _colormap: colours,
    cal_min: low,
    cal_max: high,
    _opacity: opacity,
  });
}
