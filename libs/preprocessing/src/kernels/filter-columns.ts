import type { FilterColumnsJob } from './kernel-job.ts';
import { mirrorIndex } from './mirror-index.ts';
import { prefilterInPlace } from './prefilter.ts';

/** Runs a {@link FilterColumnsJob}, one row of x positions at a time so that it stays in cache. */
export function filterColumns(job: FilterColumnsJob): void {
  const { block, reach, prefilter } = job;
  const [width, height, depth] = block.size;
  const stride = width * height;
  const first = block.lo[2];
  for (let y = job.rows[0]; y < job.rows[1]; y++) {
    const row = y * width;
    if (prefilter) {
      const offset = row + (reach.from - first) * stride;
      prefilterInPlace(block.data, { offset, stride, lines: width }, reach);
    }
    for (let z = 0; z < depth; z++) {
      const voxel = first + z;
      if (voxel >= 0 && voxel < reach.length) continue;
      const from = row + (mirrorIndex(voxel, reach.length) - first) * stride;
      block.data.copyWithin(row + z * stride, from, from + width);
    }
  }
}
