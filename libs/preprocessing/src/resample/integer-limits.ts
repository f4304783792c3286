import { scalarTypeOf } from '@hecktor/volume';
import type { NumericVoxelArray } from '@hecktor/volume';
import type { IntegerLimits } from '../kernels/kernel-job.ts';

const LIMITS: Readonly<Record<string, IntegerLimits>> = {
  int8: { lowest: -128, highest: 127 },
  uint8: { lowest: 0, highest: 255 },
  int16: { lowest: -32768, highest: 32767 },
  uint16: { lowest: 0, highest: 65535 },
  int32: { lowest: -2147483648, highest: 2147483647 },
  uint32: { lowest: 0, highest: 4294967295 },
};

/** The range of an integer pixel type, or null for floats. */
export function integerLimits(data: NumericVoxelArray): IntegerLimits | null {
  return LIMITS[scalarTypeOf(data)] ?? null;
}
