import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import type { Program } from './measure-process.ts';

/**
 * The program on no more CPUs than it has threads, so that thread pools which no setting reaches
 * help neither side. Unchanged where there are no more CPUs than that, or no taskset.
 */
export function pinned(program: Program, threads: number): Program {
  if (availableParallelism() <= threads || !hasTaskset()) return program;
  const { command, args } = program;
  return { ...program, command: 'taskset', args: ['-c', `0-${threads - 1}`, command, ...args] };
}

function hasTaskset(): boolean {
  return spawnSync('taskset', ['--version'], { stdio: 'ignore' }).status === 0;
}
