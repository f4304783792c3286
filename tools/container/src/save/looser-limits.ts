import type { Limits } from '../test-run/profile/limits-of.ts';
import type { VerdictFile } from '../test-run/report/to-verdict.ts';

/**
 * A warning when a test run was given more than its profile gives: what passed then may be stopped
 * on the platform. Undefined when it was not.
 */
export function looserLimits(
  verdict: Pick<VerdictFile, 'limits'> | undefined,
  { cpus, memoryBytes, timeLimit }: Limits,
): string | undefined {
  const had = verdict?.limits;
  if (had === undefined) return undefined;
  const looser = [
    ...(had.cpus > cpus ? [`--cpus=${had.cpus} instead of ${cpus}`] : []),
    ...(had.memoryBytes > memoryBytes ? ['more --memory'] : []),
    ...(had.timeLimit > timeLimit ? [`--timeLimit=${had.timeLimit} instead of ${timeLimit}`] : []),
  ];
  if (looser.length === 0) return undefined;
  return `warning: the test run had ${looser.join(' and ')}; the platform gives no more than its profile`;
}
