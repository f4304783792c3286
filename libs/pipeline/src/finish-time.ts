import type { Grid } from '@hecktor/volume';
import { voxelCount } from '@hecktor/volume';

/** The time from logits to the file. */
interface FinishTime {
  /** ms: by what it took last, else by the number of voxels; longer where others take the CPUs. */
  readonly ms: () => number;
  /** Windows begin, or have gone through a network: how much of the CPUs was there for them? */
  readonly onPass: () => void;
  /** It took so long, without writing. */
  took(ms: number): void;
}

/**
 * Nanoseconds per voxel on a core of its own, twice what was measured: labels and rules, the way back
 * of labels or logits, writing.
 */
const COST = { labels: 50, backLabels: 20, backLogits: 30, writing: 20 };
/** Passes that tell how busy the machine is, and how busy it may be taken for. */
const RECENT = 5;
const BUSIEST = 10;
const SLOWER = 1.25;

/** @param grid - Of the tensor. @param target - Of the label map. */
export function createFinishTime(
  grid: Grid,
  target: Grid,
  { goLogitsBack, threads }: { readonly goLogitsBack: boolean; readonly threads: number },
  clock: () => { readonly wallMs: number; readonly cpuMs: number } = processClock,
): FinishTime {
  const back = goLogitsBack ? COST.backLogits : COST.backLabels;
  const written = voxelCount(target) * COST.writing * 1e-6;
  let known = 500 + (voxelCount(grid) * COST.labels + voxelCount(target) * back) * 1e-6;
  let marks: { readonly wallMs: number; readonly cpuMs: number }[] = [];
  const busy = (): number => {
    const [first, last] = [marks[0], marks.at(-1)];
    if (first === undefined || last === undefined || first === last) return 1;
    const share = (last.cpuMs - first.cpuMs) / (threads * (last.wallMs - first.wallMs));
    return Math.min(BUSIEST, Math.max(1, 1 / share));
  };
  return {
    ms: () => (known + written) * busy(),
    onPass: () => void (marks = [...marks.slice(-RECENT), clock()]),
    took: (ms) => void (known = (SLOWER * ms) / busy()),
  };
}

function processClock(): { wallMs: number; cpuMs: number } {
  const { user, system } = process.cpuUsage();
  return { wallMs: performance.now(), cpuMs: (user + system) / 1000 };
}
