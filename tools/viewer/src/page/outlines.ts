import type { Niivue, NVImage } from '@niivue/niivue';
import { outlineColour } from './presets.ts';

/** A label map in the order of NiiVue's voxels: right, front, head. */
export interface Mask {
  readonly image: NVImage;
  readonly labels: ArrayLike<number>;
  /** First and last index along each axis that holds a label. */
  readonly low: readonly number[];
  readonly high: readonly number[];
}

export interface Outline {
  readonly mask: Mask;
  /** Drawn in dashes. */
  readonly isTruth: boolean;
}

export function readMask(image: NVImage): Mask {
  const labels = image.img2RAS();
  const [, nx, ny] = image.dimsRAS as [number, number, number];
  const [low, high] = [
    [Infinity, Infinity, Infinity],
    [-1, -1, -1],
  ];
  labels.forEach((label, at) => {
    if (label === 0) return;
    const line = Math.floor(at / nx);
    [at - line * nx, line % ny, Math.floor(line / ny)].forEach((i, axis) => {
      low[axis] = Math.min(low[axis]!, i);
      high[axis] = Math.max(high[axis]!, i);
    });
  });
  return { image, labels, low, high };
}

/** Draws the edges of the masks' voxels and the crosshair over the slices that NiiVue shows. */
export function drawOverlay(
  nv: Niivue,
  canvas: HTMLCanvasElement,
  outlines: readonly Outline[],
): void {
  canvas.width = nv.gl.canvas.width;
  canvas.height = nv.gl.canvas.height;
  const context = canvas.getContext('2d')!;
  context.lineCap = 'round';
  nv.screenSlices.forEach(
    ({ axCorSag, leftTopWidthHeight: [left = 0, top = 0, w = 0, h = 0] }, tile) => {
      context.save();
      context.beginPath();
      context.rect(left, top, w, h);
      context.clip();
      for (const { mask, isTruth } of outlines) {
        /** The voxel, fractional, under a pixel. */
        const at = (x: number, y: number) => {
          const mm = nv.frac2mm(nv.screenXY2TextureFrac(x, y, tile, false), 0, true);
          return [...mask.image.mm2vox([...mm], true)];
        };
        // Inside the tile, whatever rounding does.
        const [x, y] = [left + w / 4, top + h / 4];
        const [corner, right, down] = [at(x, y), at(x + w / 2, y), at(x, y + h / 2)];
        const across = right.map((v, axis) => (v - corner[axis]!) / (w / 2));
        const along = down.map((v, axis) => (v - corner[axis]!) / (h / 2));
        drawSlice(context, mask, { x, y, corner, across, along, isTruth });
      }
      const [r, g, b] = nv.opts.fontColor as [number, number, number];
      context.fillStyle = `rgb(${255 * r} ${255 * g} ${255 * b} / 60%)`;
      // Room for the orientation marks.
      const room = 20 * devicePixelRatio;
      context.beginPath();
      context.rect(left + room, top + room, w - 2 * room, h - 2 * room);
      context.clip();
      drawCrosshair(context, nv.frac2canvasPosWithTile(nv.scene.crosshairPos, axCorSag)?.pos ?? []);
      context.restore();
    },
  );
}

/** Lines that leave what they point at free. */
function drawCrosshair(context: CanvasRenderingContext2D, [x, y]: readonly number[]): void {
  if (x === undefined || y === undefined) return;
  const { width, height } = context.canvas;
  const gap = 14 * devicePixelRatio;
  context.fillRect(0, y, x - gap, devicePixelRatio);
  context.fillRect(x + gap, y, width, devicePixelRatio);
  context.fillRect(x, 0, devicePixelRatio, y - gap);
  context.fillRect(x, y + gap, devicePixelRatio, height);
}

/** The voxel at pixel (x, y), and how it changes from pixel to pixel. */
interface Slice {
  readonly x: number;
  readonly y: number;
  readonly corner: readonly number[];
  readonly across: readonly number[];
  readonly along: readonly number[];
  readonly isTruth: boolean;
}

const SIDES = [
  [1, 0],
  [-1, 0],
  [0, 1],
  [0, -1],
] as const;

function drawSlice(
  context: CanvasRenderingContext2D,
  { image, labels, low, high }: Mask,
  { x, y, corner, across, along, isTruth }: Slice,
): void {
  const change = [0, 1, 2].map((axis) => Math.abs(across[axis]!) + Math.abs(along[axis]!));
  const normal = change.indexOf(Math.min(...change));
  const [a, b] = [0, 1, 2].filter((axis) => axis !== normal) as [number, number];
  const depth = Math.round(corner[normal]!);
  if (depth < low[normal]! || depth > high[normal]!) return;
  const dims = image.dimsRAS!;
  const strides = [1, dims[1]!, dims[1]! * dims[2]!];
  const label = (i: number, j: number) =>
    i < 0 || j < 0 || i >= dims[a + 1]! || j >= dims[b + 1]!
      ? 0
      : labels[i * strides[a]! + j * strides[b]! + depth * strides[normal]!]!;
  const scale = across[a]! * along[b]! - across[b]! * along[a]!;
  const pixel = (i: number, j: number) => {
    const [di, dj] = [i - corner[a]!, j - corner[b]!];
    const px = x + (along[b]! * di - along[a]! * dj) / scale;
    return [px, y + (across[a]! * dj - across[b]! * di) / scale] as const;
  };
  // Dashes are made of whole edges, some pixels long.
  const period = Math.ceil(6 * Math.sqrt(Math.abs(scale)) * devicePixelRatio);
  const paths = new Map<number, Path2D>();
  for (let j = low[b]!; j <= high[b]!; j++) {
    for (let i = low[a]!; i <= high[a]!; i++) {
      const value = label(i, j);
      if (value === 0 || (isTruth && Math.floor((i + j) / period) % 2 === 1)) continue;
      for (const [u, v] of SIDES) {
        if (label(i + u, j + v) === value) continue;
        const path = paths.get(value) ?? new Path2D();
        paths.set(value, path);
        path.moveTo(...pixel(i + (u - v) / 2, j + (v - u) / 2));
        path.lineTo(...pixel(i + (u + v) / 2, j + (v + u) / 2));
      }
    }
  }
  for (const [value, path] of paths) {
    // Dark edges keep a line apart from whatever colour is below.
    context.lineWidth = 3.4 * devicePixelRatio;
    context.strokeStyle = 'rgb(0 0 0 / 50%)';
    context.stroke(path);
    context.lineWidth = 1.6 * devicePixelRatio;
    context.strokeStyle = outlineColour(value, isTruth);
    context.stroke(path);
  }
}
