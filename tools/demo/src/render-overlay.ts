import type { NumericVoxelArray, Volume } from '@hecktor/volume';
import {
  createCanvas,
  drawTextInPlace,
  pasteInPlace,
  setPixelInPlace,
  type Canvas,
  type Colour,
  outlineInPlace,
} from './canvas.ts';
import { choosePlanes, findFocus } from './planes.ts';
import { slicePlane, type Plane } from './slice-plane.ts';

/** What {@link renderOverlay} draws. The volumes may have any grids in one world. */
interface Overlay {
  readonly ct: Volume<NumericVoxelArray>;
  readonly pet: Volume<NumericVoxelArray>;
  /** 0 background, 1 GTVp, 2 GTVn. */
  readonly mask: Volume<Uint8Array>;
  /** The mask it should have been; drawn as white dashes. */
  readonly expected?: Volume<Uint8Array>;
  /** Lines above the picture. */
  readonly title: readonly string[];
}

const GAP = 8;
const LINE = 22;
const WHITE: Colour = [255, 255, 255];
const GREY: Colour = [170, 170, 170];
// Blue and green stand out from the reds and yellows of the fused PET.
const GTVP: Colour = [40, 150, 255];
const GTVN: Colour = [40, 240, 90];

/**
 * Three planes through the largest lesion (rows: axial, coronal, sagittal), in physical
 * proportions; columns CT, PET, and both with the contours of GTVp (blue), GTVn (green) and the
 * expected mask (white dashes).
 */
export function renderOverlay(overlay: Overlay): Canvas {
  const { ct, expected, mask } = overlay;
  const focus = findFocus(expected !== undefined && expected.data.some(Boolean) ? expected : mask);
  const { axial, coronal, sagittal } = choosePlanes(ct, focus);
  const planes = [axial, coronal, sagittal];
  const wide = Math.max(...planes.map((plane) => plane.width));
  const head = GAP + LINE * overlay.title.length + LINE;
  const height = planes.reduce((sum, plane) => sum + plane.height + GAP, head) + LINE;
  const canvas = createCanvas(3 * wide + 4 * GAP, height);
  overlay.title.forEach((text, i) =>
    drawTextInPlace(canvas, text, { x: GAP, y: GAP + i * LINE, colour: WHITE }),
  );
  ['CT -160 to 240 HU', 'PET SUV 0 to 10', 'CT + PET + mask'].forEach((text, i) =>
    drawTextInPlace(canvas, text, { x: GAP + i * (wide + GAP), y: head - LINE, colour: GREY }),
  );
  let top = head;
  for (const plane of planes) {
    renderRow(overlay, plane).forEach((tile, i) =>
      pasteInPlace(canvas, tile, GAP + i * (wide + GAP), top),
    );
    top += plane.height + GAP;
  }
  drawLegend(canvas, top, expected !== undefined);
  return canvas;
}

function renderRow(overlay: Overlay, plane: Plane): Canvas[] {
  const hu = slicePlane(overlay.ct, plane, { outside: -1000 });
  const suv = slicePlane(overlay.pet, plane, { outside: 0 });
  const tiles = [
    tile(plane, (i) => ctTint(hu[i]!)),
    tile(plane, (i) => petTint(suv[i]!)),
    tile(plane, (i) => fusedTint(hu[i]!, suv[i]!)),
  ];
  const labels = slicePlane(overlay.mask, plane, { outside: 0, nearest: true });
  const fused = tiles[2]!;
  outlineInPlace(fused, labels, { label: 1, colour: GTVP });
  outlineInPlace(fused, labels, { label: 2, colour: GTVN });
  if (overlay.expected !== undefined) {
    const wanted = slicePlane(overlay.expected, plane, { outside: 0, nearest: true });
    for (const label of [1, 2]) {
      outlineInPlace(fused, wanted, { label, colour: WHITE, dashed: true });
    }
  }
  return tiles;
}

function tile(plane: Plane, tint: (at: number) => Colour): Canvas {
  const canvas = createCanvas(plane.width, plane.height);
  for (let at = 0; at < plane.width * plane.height; at++) canvas.data.set(tint(at), 3 * at);
  return canvas;
}

function drawLegend(canvas: Canvas, top: number, withExpected: boolean): void {
  const entries: { text: string; colour: Colour; dashed: boolean }[] = [
    { text: 'GTVp', colour: GTVP, dashed: false },
    { text: 'GTVn', colour: GTVN, dashed: false },
    ...(withExpected ? [{ text: 'expected', colour: WHITE, dashed: true }] : []),
  ];
  entries.forEach(({ text, colour, dashed }, i) => {
    const x = GAP + i * 130;
    for (let dx = 0; dx < 24; dx++) {
      if (dashed && dx % 8 >= 4) continue;
      for (const dy of [6, 7]) setPixelInPlace(canvas, x + dx, top + dy, colour);
    }
    drawTextInPlace(canvas, text, { x: x + 30, y: top, colour });
  });
}

const { max, min, round, sqrt } = Math;

const fraction = (value: number, low: number, high: number): number =>
  min(1, max(0, (value - low) / (high - low)));

/** CT in a soft-tissue window, -160 to 240 HU, black to white. */
export function ctTint(hu: number): Colour {
  const grey = round(255 * fraction(hu, -160, 240));
  return [grey, grey, grey];
}

/** PET in inverse grey, SUV 0 (white) to 10 (black). */
export function petTint(suv: number): Colour {
  const grey = round(255 * (1 - fraction(suv, 0, 10)));
  return [grey, grey, grey];
}

/** CT with the PET's uptake over it, from dark red through orange to yellow. */
export function fusedTint(hu: number, suv: number): Colour {
  const grey = 255 * fraction(hu, -160, 240);
  const heat = fraction(suv, 0.5, 10);
  const cover = 0.55 * sqrt(heat);
  const mix = (hot: number) => round(grey * (1 - cover) + hot * cover);
  return [
    mix(255 * fraction(heat, 0, 0.4)),
    mix(255 * fraction(heat, 0.25, 0.9)),
    mix(160 * fraction(heat, 0.8, 1.3)),
  ];
}
