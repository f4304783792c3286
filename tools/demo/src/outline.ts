import { setPixelInPlace, type Canvas, type Colour } from './canvas.ts';

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
