import type { ErrorCode } from '@hecktor/errors';
import type { RunFacts } from '../run-container.ts';
import type { RuleId } from './finding.ts';

/** The rule behind a recognised failure; any other failure is one of the program's own. */
const RULE_OF: Partial<Record<ErrorCode, RuleId>> = {
  OUT_OF_MEMORY: 'memory',
  READ_ONLY_FILE_SYSTEM: 'writes',
  TOO_MANY_PROCESSES: 'processes',
  NETWORK_ATTEMPTED: 'network',
};

/** Node and Python name the call and the path. */
const DENIED_WRITE =
  /EACCES: permission denied, (open|mkdir|unlink|rename|rmdir|copyfile|symlink) '(?!\/(input|tmp)\/)|Permission denied: '(?!\/(input|tmp)\/)/;

/**
 * The one rule that a failed run has broken: the cause, not the exit code that follows from it.
 * Undefined for a run that ended well.
 *
 * @param symptom - Code of the recognised failure.
 */
export function blame(run: RunFacts, symptom: ErrorCode | undefined): RuleId | undefined {
  if (run.timedOut) return 'time';
  if (run.exitCode === 0) return undefined;
  if (run.oomKilled || run.exitCode === 137) return 'memory';
  if (DENIED_WRITE.test(run.stderr)) return 'writes';
  const rule = symptom === undefined ? undefined : RULE_OF[symptom];
  // A program can speak of networks without using one.
  if (rule === 'network' && run.observation?.refused.ipv4 === 0) return 'exit';
  return rule ?? ((run.usage?.refusedProcesses ?? 0) > 0 ? 'processes' : 'exit');
}
