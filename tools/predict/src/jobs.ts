import { freemem } from 'node:os';
import { grantedCpus, memoryLimit } from '@hecktor/runtime';

/** What there is for the cases of a run. */
export interface Machine {
  readonly cpus: number;
  readonly memoryMiB: number;
}

/** Share of the memory that is given away. */
const USED = 0.9;
/** Cases differ. */
const MARGIN = 1.2;

/** What this process is granted, of it what others leave. */
export function thisMachine(): Machine {
  const bytes = Math.min(memoryLimit() ?? Infinity, freemem());
  return { cpus: grantedCpus(), memoryMiB: bytes / 2 ** 20 };
}

/** How many cases run at a time: at least one, and no more than CPUs and memory suffice for. */
export function jobsFor(peakMiB: number, threads: number, { cpus, memoryMiB }: Machine): number {
  const most = Math.min(cpus / threads, (USED * memoryMiB) / (MARGIN * peakMiB));
  return Math.max(1, Math.floor(most));
}
