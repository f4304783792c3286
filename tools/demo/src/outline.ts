import { setPixelInPlace, type Canvas, type Colour } from './canvas.ts';

/** Draws the inner border of a label, solid or in dashes of four pixels. */
export function outlineInPlace(
  canvas: Canvas,
  labels: Float32Array,
  options: { readonly label: number; readonly colour: Colour; readonly dashed?: boolean },
): void {
  const { width, height } = canvas;
  const inside = (x: number, y: number) =>
    x >= 0 && y >= 0 && x < width && y < height && labels[x + width * y] === options.label;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (!inside(x, y)) continue;
      if (inside(x - 1, y) && inside(x + 1, y) && inside(x, y - 1) && inside(x, y + 1)) continue;
      if (options.dashed === true && (x + y) % 8 >= 4) continue;
      setPixelInPlace(canvas, x, y, options.colour);
    }
  }
}
