import type { OnnxModel } from '@hecktor/onnx';

/** Networks that stay open from case to case. */
export interface WarmNetworks {
  /**
   * A network for one use at a time; releasing it keeps it open for the next one.
   *
   * @param key - The file and everything that it is opened with.
   */
  borrow(key: string, open: () => Promise<OnnxModel>): Promise<OnnxModel>;
}

/** The rest of the memory is for a case: its images, its logits, a network at work. */
const SHARE = 0.5;

/**
 * Keeps networks open while the process holds less than half of the memory that it may use. One that is
 * given back beyond that is released, so that an ensemble which does not fit is half warm instead of
 * pushing out each network before its next turn.
 *
 * @param limit - Bytes that the process may use; undefined: not known, and every network stays.
 * @param resident - Bytes that it holds.
 */
export function createWarmNetworks(
  limit: number | undefined,
  resident: () => number = () => process.memoryUsage.rss(),
): WarmNetworks {
  const idle = new Map<string, OnnxModel>();
  return {
    async borrow(key, open) {
      const model = idle.get(key) ?? (await open());
      idle.delete(key);
      const release = async (): Promise<void> => {
        if (limit !== undefined && resident() > SHARE * limit) await model.release();
        else idle.set(key, model);
      };
      return { ...model, release };
    },
  };
}
