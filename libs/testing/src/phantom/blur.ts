import type { Vec3 } from '@hecktor/volume';

/**
 * Gaussian blur along the axes whose `sigma` (in voxels) is above 0, in place. Kernels reach three
 * sigmas; the edge value continues beyond the edge.
 */
export function gaussianBlurInPlace(data: Float32Array, size: Vec3, sigma: Vec3): void {
  const strides = [1, size[0], size[0] * size[1]];
  for (let axis = 0; axis < 3; axis++) {
    if (sigma[axis]! > 0) blurAxisInPlace(data, size, axis, strides[axis]!, sigma[axis]!);
  }
}

function blurAxisInPlace(
  data: Float32Array,
  size: Vec3,
  axis: number,
  stride: number,
  sigma: number,
): void {
  const n = size[axis]!;
  const radius = Math.max(1, Math.ceil(3 * sigma));
  const weights = kernel(sigma, radius);
  const block = axis === 0 ? 1 : stride;
  const line = new Float32Array((n + 2 * radius) * block);
  const lines = data.length / (n * block);
  for (let l = 0; l < lines; l++) {
    const base = l * n * block;
    line.set(data.subarray(base, base + n * block), radius * block);
    for (let r = 0; r < radius; r++) {
      line.copyWithin(r * block, radius * block, (radius + 1) * block);
      line.copyWithin((radius + n + r) * block, (radius + n - 1) * block, (radius + n) * block);
    }
    const count = n * block;
    const centre = weights[radius]!;
    for (let i = 0; i < count; i++) {
      const middle = i + radius * block;
      let sum = centre * line[middle]!;
      for (let k = 1, step = block; k <= radius; k++, step += block) {
        sum += weights[radius + k]! * (line[middle - step]! + line[middle + step]!);
      }
      data[base + i] = sum;
    }
  }
}

function kernel(sigma: number, radius: number): Float64Array {
  const weights = Float64Array.from({ length: 2 * radius + 1 }, (_, i) =>
    Math.exp(-((i - radius) ** 2) / (2 * sigma * sigma)),
  );
  const sum = weights.reduce((a, b) => a + b, 0);
  return weights.map((w) => w / sum);
}
