import { encode } from 'fast-png';
import { markup, type Markup } from '../markup.ts';
import type { Outline } from './outline.ts';
import type { View } from './project.ts';

/** Letters at the left, right, upper and lower edge: where the patient's sides are. */
export type Marks = readonly [left: string, right: string, top: string, bottom: string];

/** One layer of a picture. */
export interface Layer {
  /** Id in the page, so that other tiles can show the same pixels. */
  readonly id: string;
  /** Values on the view, rows from the top; absent: the pixels of another tile with this id. */
  readonly values?: Float32Array;
  /** What is black and what is white of the values. */
  readonly range?: readonly [number, number];
  /** Class of the style that tints it. */
  readonly tint?: 'grey' | 'hot';
}

export interface Tile {
  /** What is to be seen, for those who do not see it. */
  readonly description: string;
  readonly view: View;
  readonly marks: Marks;
  readonly layers: readonly Layer[];
  readonly outlines: readonly Outline[];
}

/** A picture in millimetres: pixels below, outlines and marks as lines and letters above. */
export function tile({ description, view, marks, layers, outlines }: Tile): Markup {
  const [width, height] = sizeOf(view);
  const [left, right, top, bottom] = marks;
  const isWhite = layers.every(({ tint }) => tint === 'grey');
  // Letters as large on the screen whatever the picture's extent.
  const size = width / 18;
  return markup`<svg class="tile${isWhite && ' on-white'}" role="img" aria-label="${description}" viewBox="0 0 ${width} ${height}">
${layers.map((layer) => layerOf(layer, view))}
${outlines.map(({ label, source, path }) => {
  return markup`<g class="outline ${source} label-${label.value}"><path d="${path}"/><path d="${path}"/></g>`;
})}
<g class="marks" aria-hidden="true" font-size="${size}" stroke-width="${size / 5}">
<text x="${size / 3}" y="${height / 2}">${left}</text>
<text x="${width - size / 3}" y="${height / 2}" text-anchor="end">${right}</text>
<text x="${width / 2}" y="${size}" text-anchor="middle">${top}</text>
<text x="${width / 2}" y="${height - size / 2}" text-anchor="middle">${bottom}</text>
<path d="M${size / 2} ${height - size / 2}h50m0 ${-size / 4}v${size / 2}m-50 0v${-size / 2}"/><text x="${size / 2}" y="${height - size}">5 cm</text>
</g></svg>`;
}

function layerOf({ id, values, range = [0, 1], tint }: Layer, view: View): Markup {
  const style = tint === undefined ? '' : `tint-${tint}`;
  if (values === undefined) return markup`<use href="#${id}" class="${style}"/>`;
  const [width, height] = sizeOf(view);
  const image = markup`<image id="${id}" width="${width}" height="${height}" preserveAspectRatio="none" href="${dataUri(values, view, range)}"/>`;
  return tint === undefined ? image : markup`<g class="${style}">${image}</g>`;
}

function sizeOf({ width, height, right, down }: View): [number, number] {
  return [width * Math.hypot(...right), height * Math.hypot(...down)];
}

/** An 8-bit grey PNG. */
function dataUri(
  values: Float32Array,
  { width, height }: View,
  [low, high]: readonly [number, number],
): string {
  // Assignment to a clamped array rounds, limits and turns NaN into 0.
  const data = new Uint8ClampedArray(values.length);
  for (let i = 0; i < data.length; i++) data[i] = (255 * (values[i]! - low)) / (high - low);
  const png = encode({ width, height, data, channels: 1, depth: 8 });
  return `data:image/png;base64,${Buffer.from(png).toString('base64')}`;
}
