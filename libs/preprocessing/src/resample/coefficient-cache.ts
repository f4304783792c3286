import type { CoefficientBlock } from '../kernels/kernel-job.ts';

/** Source voxels along one axis, `[from, to)`, which may reach past the image's border. */
export interface VoxelRange {
  readonly from: number;
  readonly to: number;
}

export type BlockRange = readonly [VoxelRange, VoxelRange, VoxelRange];

/** Remembers the last coefficient block of an image, for a region that is evaluated twice. */
export interface CoefficientCache {
  find(range: BlockRange): CoefficientBlock | undefined;
  keep(range: BlockRange, block: CoefficientBlock): void;
}

/** An empty cache of one block. */
export function coefficientCache(): CoefficientCache {
  let last: { range: BlockRange; block: CoefficientBlock } | undefined;
  return {
    find: (range) =>
      last?.range.every((kept, a) => kept.from <= range[a]!.from && range[a]!.to <= kept.to) ===
      true
        ? last.block
        : undefined,
    keep: (range, block) => {
      last = { range, block };
    },
  };
}
