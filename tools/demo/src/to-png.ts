import { encode } from 'fast-png';
import type { Canvas } from './canvas.ts';

/** A canvas as the bytes of a PNG file. */
export function toPng(canvas: Canvas): Uint8Array {
  const { width, height, data } = canvas;
  return encode({ width, height, data, channels: 3, depth: 8 });
}
