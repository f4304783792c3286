import { encode } from 'fast-png';
import { GLYPHS } from './font.ts';

/** Red, green and blue, 0 to 255. */
export type Colour = readonly [number, number, number];

/** An RGB picture; pixel (x, y) begins at `data[3 * (x + width * y)]`. */
export interface Canvas {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

export function createCanvas(width: number, height: number, colour: Colour = [0, 0, 0]): Canvas {
  const data = new Uint8Array(3 * width * height);
  for (let i = 0; i < data.length; i++) data[i] = colour[i % 3]!;
  return { width, height, data };
}

/** Sets one pixel; outside the canvas nothing happens. */
export function setPixelInPlace(canvas: Canvas, x: number, y: number, colour: Colour): void {
  if (x < 0 || y < 0 || x >= canvas.width || y >= canvas.height) return;
  canvas.data.set(colour, 3 * (x + canvas.width * y));
}

/** Copies `from` onto `onto` with its upper left corner at (x, y). */
export function pasteInPlace(onto: Canvas, from: Canvas, x: number, y: number): void {
  for (let row = 0; row < from.height; row++) {
    const line = from.data.subarray(3 * row * from.width, 3 * (row + 1) * from.width);
    onto.data.set(line, 3 * (x + onto.width * (y + row)));
  }
}

/** Draws text with its upper left corner at (x, y); a letter is 5 x 7 dots of `scale` pixels. */
export function drawTextInPlace(
  canvas: Canvas,
  text: string,
  at: { readonly x: number; readonly y: number; readonly colour: Colour; readonly scale?: number },
): void {
  const scale = at.scale ?? 2;
  [...text].forEach((letter, position) => {
    const rows = GLYPHS.get(letter) ?? [];
    for (let y = 0; y < rows.length * scale; y++) {
      for (let x = 0; x < 5 * scale; x++) {
        const isSet = (rows[Math.floor(y / scale)]! >> (4 - Math.floor(x / scale))) & 1;
        if (isSet) setPixelInPlace(canvas, at.x + position * 6 * scale + x, at.y + y, at.colour);
      }
    }
  });
}

/** Draws the inner border of a label, two pixels wide, or one pixel in dashes of four. */
export function outlineInPlace(
  canvas: Canvas,
  labels: Float32Array,
  options: { readonly label: number; readonly colour: Colour; readonly dashed?: boolean },
): void {
  const { width, height } = canvas;
  const thickness = options.dashed === true ? 1 : 2;
  const inside = (x: number, y: number) =>
    x >= 0 && y >= 0 && x < width && y < height && labels[x + width * y] === options.label;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (!inside(x, y)) continue;
      const deep = (d: number) =>
        inside(x - d, y) && inside(x + d, y) && inside(x, y - d) && inside(x, y + d);
      if (deep(1) && deep(thickness)) continue;
      if (options.dashed === true && (x + y) % 12 >= 4) continue;
      setPixelInPlace(canvas, x, y, options.colour);
    }
  }
}

export function toPng(canvas: Canvas): Uint8Array {
  const { width, height, data } = canvas;
  return encode({ width, height, data, channels: 3, depth: 8 });
}
