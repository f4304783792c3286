import { HecktorError } from '@hecktor/errors';

/** Throws IMAGE_NOT_FINITE when a kernel has met a value that is not finite. */
export function assertFinite(status: Int32Array, image: string): void {
  if (status[0] !== 0) {
    throw new HecktorError('IMAGE_NOT_FINITE', {
      detail: `the image "${image}" holds NaN or infinite values where they are needed`,
    });
  }
}
