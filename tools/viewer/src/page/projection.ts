import type { NVImage } from '@niivue/niivue';

/** A maximum intensity projection from the front, the patient's right on the left. */
export interface Projection {
  readonly width: number;
  readonly height: number;
  readonly values: Float32Array;
  readonly depths: Uint16Array;
  readonly image: NVImage;
}

export function project(image: NVImage): Projection {
  const voxels = image.img2RAS();
  const [, width, ny, height] = image.dimsRAS as [number, number, number, number];
  const values = new Float32Array(width * height).fill(-Infinity);
  const depths = new Uint16Array(width * height);
  for (let z = 0, at = 0; z < height; z++) {
    for (let y = 0; y < ny; y++) {
      for (let x = 0; x < width; x++, at++) {
        const pixel = width - 1 - x + width * (height - 1 - z);
        if (Number(voxels[at]) <= values[pixel]!) continue;
        values[pixel] = Number(voxels[at]);
        depths[pixel] = y;
      }
    }
  }
  return { width, height, values, depths, image };
}

/** The position of the maximum behind a pixel, RAS in mm. */
export function placeOf(
  { width, height, depths, image }: Projection,
  x: number,
  y: number,
): number[] {
  const voxel = [width - 1 - x, depths[x + width * y]!, height - 1 - y];
  return [...image.vox2mm(voxel, image.matRAS!)];
}

/** Draws it in inverse grey with lines through a position. */
export function drawProjection(
  canvas: HTMLCanvasElement,
  { width, height, values, image }: Projection,
  suvMax: number,
  ras: readonly number[],
): void {
  canvas.width = width;
  canvas.height = height;
  const [, dx, , dz] = image.pixDimsRAS as [number, number, number, number];
  canvas.style.aspectRatio = `${width * dx} / ${height * dz}`;
  const context = canvas.getContext('2d')!;
  const picture = context.createImageData(width, height);
  values.forEach((value, at) => picture.data.fill(255 * (1 - value / suvMax), 4 * at, 4 * at + 3));
  values.forEach((_, at) => (picture.data[4 * at + 3] = 255));
  context.putImageData(picture, 0, 0);
  const [x, , z] = image.mm2vox([...ras]) as Float32Array;
  context.fillStyle = 'rgb(220 60 0 / 60%)';
  context.fillRect(0, height - 1 - z!, width, 1);
  context.fillRect(width - 1 - x!, 0, 1, height);
}
