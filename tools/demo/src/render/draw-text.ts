import { setPixelInPlace, type Canvas, type Colour } from './canvas.ts';
import { GLYPH_HEIGHT, GLYPH_WIDTH, glyphRows } from './font.ts';

/** Width of a line of text in pixels. */
export function textWidth(text: string, scale: number): number {
  return text.length * (GLYPH_WIDTH + 1) * scale;
}

/** Height of a line of text in pixels. */
export function textHeight(scale: number): number {
  return GLYPH_HEIGHT * scale;
}

/** Draws one line with its top left corner at (left, top). */
export function drawTextInPlace(
  canvas: Canvas,
  text: string,
  place: { left: number; top: number; scale: number; colour: Colour },
): void {
  const { left, top, scale, colour } = place;
  Array.from(text).forEach((character, position) => {
    const x0 = left + position * (GLYPH_WIDTH + 1) * scale;
    glyphRows(character).forEach((bits, row) => {
      for (let column = 0; column < GLYPH_WIDTH; column++) {
        if ((bits & (1 << (GLYPH_WIDTH - 1 - column))) === 0) continue;
        for (let dy = 0; dy < scale; dy++) {
          for (let dx = 0; dx < scale; dx++) {
            setPixelInPlace(canvas, x0 + column * scale + dx, top + row * scale + dy, colour);
          }
        }
      }
    });
  });
}
