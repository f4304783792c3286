import type { NumericVoxelArray, Volume } from '@hecktor/volume';
import {
  createCanvas,
  drawCanvasInPlace,
  setPixelInPlace,
  type Canvas,
  type Colour,
} from './canvas.ts';
import { ctColour, fusedColour, petColour } from './colour-maps.ts';
import { contourOf } from './contour.ts';
import { drawTextInPlace, textHeight } from './draw-text.ts';
import { focusOf } from './focus.ts';
import { planesThrough, worldBounds, type Plane } from './plane.ts';
import { samplePlane } from './sample-plane.ts';

/** What goes into an overlay picture. The masks lie on the CT's grid. */
export interface OverlayInput {
  readonly ct: Volume<NumericVoxelArray>;
  readonly pet: Volume<NumericVoxelArray>;
  readonly mask: Volume<NumericVoxelArray>;
  /** The reference mask, drawn white, when there is one. */
  readonly expected?: Volume<NumericVoxelArray> | undefined;
  /** Lines of text below the pictures. */
  readonly caption: readonly string[];
}

const GTVP: Colour = [255, 60, 60];
const GTVN: Colour = [60, 230, 90];
const REFERENCE: Colour = [255, 255, 255];
const INK: Colour = [235, 235, 235];
const PAPER: Colour = [12, 12, 14];
const MAX_EXTENT_MM = 260;
const PANEL_PIXELS = 340;
const GAP = 8;
const MARGIN = 14;
const HEAD = 26;

/**
 * Draws CT, PET and their fusion with the contours of GTVp (red), GTVn (green) and the reference
 * (white) in an axial, a coronal and a sagittal plane through the lesion.
 */
export function renderOverlay(input: OverlayInput): Canvas {
  const masks = input.expected === undefined ? [input.mask] : [input.mask, input.expected];
  const { lower, upper } = worldBounds(input.ct);
  const extent = Math.min(Math.max(upper[0] - lower[0], upper[2] - lower[2]), MAX_EXTENT_MM);
  const planes = planesThrough(focusOf(masks), extent, extent / PANEL_PIXELS);

  const captionHeight = (input.caption.length + 1) * (textHeight(2) + 8);
  const width = 2 * MARGIN + 3 * PANEL_PIXELS + 2 * GAP;
  const height = MARGIN + HEAD + 3 * (PANEL_PIXELS + GAP) + captionHeight + MARGIN;
  const page = createCanvas(width, height, PAPER);
  const line = { scale: 2, colour: INK };

  ['CT', 'FDG-PET', 'CT + PET + contours'].forEach((title, column) =>
    drawTextInPlace(page, title, {
      ...line,
      left: MARGIN + column * (PANEL_PIXELS + GAP),
      top: MARGIN,
    }),
  );
  planes.forEach((plane, row) => {
    const top = MARGIN + HEAD + row * (PANEL_PIXELS + GAP);
    renderPanels(input, plane).forEach((panel, column) =>
      drawCanvasInPlace(page, panel, MARGIN + column * (PANEL_PIXELS + GAP), top),
    );
    drawTextInPlace(page, plane.name, { ...line, left: MARGIN + 6, top: top + 6 });
  });

  let top = MARGIN + HEAD + 3 * (PANEL_PIXELS + GAP) + 4;
  const legend: [string, Colour][] = [
    ['GTVp', GTVP],
    ['GTVn', GTVN],
    ...(input.expected === undefined ? [] : ([['reference', REFERENCE]] as [string, Colour][])),
  ];
  legend.forEach(([text, colour], position) =>
    drawTextInPlace(page, text, { left: MARGIN + position * 90, top, scale: 2, colour }),
  );
  for (const text of input.caption) {
    top += textHeight(2) + 8;
    drawTextInPlace(page, text, { ...line, left: MARGIN, top });
  }
  return page;
}

function renderPanels(input: OverlayInput, plane: Plane): readonly Canvas[] {
  const ct = samplePlane(input.ct, plane, 'linear');
  const pet = samplePlane(input.pet, plane, 'linear');
  const mask = samplePlane(input.mask, plane, 'nearest');
  const panels = [
    paint(plane, (pixel) => ctColour(ct[pixel]!)),
    paint(plane, (pixel) => petColour(pet[pixel]!)),
    paint(plane, (pixel) => fusedColour(ct[pixel]!, pet[pixel]!)),
  ];
  const fused = panels[2]!;
  if (input.expected !== undefined) {
    const expected = samplePlane(input.expected, plane, 'nearest');
    for (const label of [1, 2]) drawContour(fused, contourOf(expected, plane, label), REFERENCE);
  }
  drawContour(fused, contourOf(mask, plane, 1), GTVP);
  drawContour(fused, contourOf(mask, plane, 2), GTVN);
  return panels;
}

function paint(plane: Plane, colourOf: (pixel: number) => Colour): Canvas {
  const canvas = createCanvas(plane.width, plane.height, PAPER);
  for (let pixel = 0; pixel < plane.width * plane.height; pixel++) {
    canvas.data.set(colourOf(pixel), 3 * pixel);
  }
  return canvas;
}

function drawContour(canvas: Canvas, contour: Uint8Array, colour: Colour): void {
  for (let pixel = 0; pixel < contour.length; pixel++) {
    if (contour[pixel] === 0) continue;
    setPixelInPlace(canvas, pixel % canvas.width, Math.floor(pixel / canvas.width), colour);
  }
}
