import type { Region } from '@hecktor/volume';
import type { ImageReader } from './prepare.ts';
import { around, partOf } from './region.ts';

type ValueFilter = (largest: number) => (value: number) => number;

/** PyRadiomics' images of one value each, given the largest absolute value, to whose range they go. */
const VALUE_FILTERS = {
  Square: (largest) => {
    const scale = 1 / Math.sqrt(largest);
    return (value) => (scale * value) ** 2;
  },
  SquareRoot: (largest) => (value) => Math.sign(value) * Math.sqrt(Math.abs(value) * largest),
  Logarithm: (largest) => {
    const scale = largest / Math.log(largest + 1);
    return (value) => Math.sign(value) * Math.log(Math.abs(value) + 1) * scale;
  },
  Exponential: (largest) => {
    const scale = Math.log(largest) / largest;
    return (value) => Math.exp(scale * value);
  },
} as const satisfies Record<string, ValueFilter>;

/** One of these images inside a box, given the {@link largestValue} of the image. */
export function valueImage(
  image: ImageReader,
  box: Region,
  kind: keyof typeof VALUE_FILTERS,
  largest: number,
): Float64Array {
  return image.read(box).map(VALUE_FILTERS[kind](largest));
}

/** The largest absolute value of all that filters see, slice by slice, as a whole CT in float64 takes more than half a gigabyte. */
export function largestValue({ extent, read }: ImageReader): number {
  const [x, y, z] = extent.start;
  const [columns, rows, slices] = extent.size;
  let largest = 0;
  for (let k = 0; k < slices; k++) {
    for (const value of read({ start: [x, y, z + k], size: [columns, rows, 1] })) {
      largest = Math.max(largest, Math.abs(value));
    }
  }
  return largest;
}

/**
 * The gradient's magnitude inside a box as ITK's GradientMagnitudeImageFilter gives it, in float32:
 * central differences, where the border repeats itself.
 *
 * @param usesSpacing - Whether differences are by mm, else by voxel.
 */
export function gradientImage(image: ImageReader, box: Region, usesSpacing: boolean): Float64Array {
  const { extent, grid } = image;
  const seen = around(box, extent, [1, 1, 1]);
  const { size } = seen;
  const data = image.read(seen);
  const strides = [1, size[0], size[0] * size[1]] as const;
  const squares = new Float64Array(data.length);
  for (const axis of [0, 1, 2] as const) {
    const [stride, last] = [strides[axis], size[axis] - 1];
    const scale = usesSpacing ? 0.5 / grid.spacing[axis] : 0.5;
    for (let i = 0; i < data.length; i++) {
      const at = Math.floor(i / stride) % size[axis];
      const before = data[at === 0 ? i : i - stride]!;
      const after = data[at === last ? i : i + stride]!;
      squares[i] = squares[i]! + ((after - before) * scale) ** 2;
    }
  }
  return partOf({ ...seen, data: squares.map((sum) => Math.fround(Math.sqrt(sum))) }, box);
}
