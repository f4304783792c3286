/** Red, green, blue, each 0..255. */
export type Colour = readonly [number, number, number];

/** An 8-bit RGB picture, rows from the top. */
export interface Canvas {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** A canvas filled with one colour. */
export function createCanvas(width: number, height: number, background: Colour): Canvas {
  const data = new Uint8Array(width * height * 3);
  for (let i = 0; i < data.length; i++) data[i] = background[i % 3]!;
  return { width, height, data };
}

/** Sets one pixel; positions outside the canvas are ignored. */
export function setPixelInPlace(canvas: Canvas, x: number, y: number, colour: Colour): void {
  if (x < 0 || y < 0 || x >= canvas.width || y >= canvas.height) return;
  canvas.data.set(colour, 3 * (x + canvas.width * y));
}

/** Copies `source` into `target` with its top left corner at (left, top). */
export function drawCanvasInPlace(target: Canvas, source: Canvas, left: number, top: number): void {
  for (let y = 0; y < source.height; y++) {
    const row = source.data.subarray(3 * source.width * y, 3 * source.width * (y + 1));
    target.data.set(row, 3 * (left + target.width * (top + y)));
  }
}
