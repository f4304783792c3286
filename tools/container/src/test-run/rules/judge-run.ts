import type { ErrorCode } from '@hecktor/errors';
import { listed } from '../../build/check-files.ts';
import { lastLine } from '../../engine/open-engine.ts';
import type { RecognisedSymptom } from '../../symptoms/recognise-symptom.ts';
import { type Limits, showMemory } from '../limits.ts';
import type { Answer, Calls } from '../call-server.ts';
import type { RunFacts } from '../run-container.ts';
import { type Finding, finding, type RuleId, RULES, type Verdict } from './rules.ts';
import { uncaughtError } from '../../symptoms/without-stack.ts';

/** Of the memory limit; above it a slightly larger case may not fit. */
const CLOSE = 0.9;
const NOT_HERE = 'not observable here';

type Row = readonly [rule: RuleId, observed: string, limit: string, verdict?: Verdict];

/**
 * The rules about how a run went. A failed run breaks one rule, the one that caused it; its exit
 * code is then told but not held against it a second time.
 */
export function judgeRun(
  run: RunFacts,
  limits: Limits,
  symptom: RecognisedSymptom | undefined,
): Finding[] {
  const attributed = attributeFailure(run, symptom?.code);
  const rows: Row[] = [
    run.calls === undefined
      ? exitCode(run, attributed, symptom)
      : answers(run.calls, run, attributed, symptom),
    ['time', timeOf(run), `${limits.timeLimit} s`],
    memory(run, limits),
    processes(run, limits),
    network(run),
    writes(run),
  ];
  if (run.exitCode !== 0 && !run.timedOut && run.exitCode !== 137) rows.push(lastWords(run));
  return rows.map(([rule, observed, limit, verdict = 'kept']) =>
    rule === attributed
      ? finding(rule, { ...symptom, observed, limit, verdict: 'broken' })
      : finding(rule, { observed, limit, verdict }),
  );
}

function exitCode(
  { exitCode: code, stderr }: RunFacts,
  attributed: RuleId | undefined,
  symptom: RecognisedSymptom | undefined,
): Row {
  if (attributed === undefined) return ['exit', `${code}`, '0'];
  if (attributed !== 'exit')
    return ['exit', `${code}, see "${RULES[attributed].title}"`, '0', 'note'];
  const line = tellingLine(stderr, symptom?.evidence);
  return ['exit', code === 0 || line === '' ? `${code}` : `${code}, saying: ${line}`, '0'];
}

function answers(
  { health, invokes }: Calls,
  { stderr }: RunFacts,
  attributed: RuleId | undefined,
  symptom: RecognisedSymptom | undefined,
): Row {
  const shown = ({ status }: Answer) => (status === 0 ? 'no answer' : `${status}`);
  const seen = [
    `health ${shown(health)} after ${health.seconds.toFixed(1)} s`,
    ...invokes.map((answer) => `invoke ${shown(answer)}`),
  ].join(', ');
  const limit = 'health 200, invoke 201';
  if (attributed === undefined) return ['invoke', seen, limit];
  if (attributed !== 'invoke') return ['invoke', seen, limit, 'note'];
  const line = tellingLine(stderr, symptom?.evidence);
  return ['invoke', line === '' ? seen : `${seen}, saying: ${line}`, limit];
}

function timeOf({ seconds, timedOut, ignoredStop, calls }: RunFacts): string {
  if (calls !== undefined) {
    const each = calls.invokes.map((answer) => `${answer.seconds.toFixed(1)} s`);
    return `${each.join(' and ') || 'no case'}${timedOut ? ', then given up' : ''}`;
  }
  const end = ignoredStop ? ', then stopped; it ignored SIGTERM and was killed' : ', then stopped';
  return `${seconds.toFixed(1)} s${timedOut ? end : ''}`;
}

function memory({ usage, oomKilled, exitCode }: RunFacts, limits: Limits): Row {
  const { memoryBytes, dataBytes } = limits;
  const data = dataBytes === undefined ? '' : `, ${showMemory(dataBytes)} of data`;
  const { peakBytes, heldBytes } = usage ?? {};
  const facts = [
    ...(peakBytes === undefined ? [] : [`peak ${showMemory(peakBytes)}`]),
    ...(heldBytes === undefined ? [] : [`${showMemory(heldBytes)} without file cache`]),
  ];
  const killed = oomKilled || exitCode === 137 ? ['killed'] : [];
  const seen = [...killed, ...facts].join(', ');
  const close = heldBytes !== undefined && heldBytes > CLOSE * memoryBytes;
  const verdict = oomKilled ? 'broken' : facts.length === 0 ? 'unseen' : close ? 'warning' : 'kept';
  return ['memory', seen || NOT_HERE, `${showMemory(memoryBytes)}${data}`, verdict];
}

function processes({ usage }: RunFacts, limits: Limits): Row {
  const { processes: most, refusedProcesses: refused = 0 } = usage ?? {};
  const limit = String(limits.processes);
  if (most === undefined) return ['processes', NOT_HERE, limit, 'unseen'];
  if (refused === 0) return ['processes', `${most}`, limit];
  return ['processes', `${most}, and ${refused} refused`, limit, 'broken'];
}

function network({ observation }: RunFacts): Row {
  if (observation === undefined) return ['network', NOT_HERE, 'none', 'unseen'];
  const { ipv4, ipv6 } = observation.refused;
  if (ipv4 + ipv6 === 0) return ['network', 'none', 'none'];
  const shown = [...(ipv4 > 0 ? [`${ipv4} IPv4`] : []), ...(ipv6 > 0 ? [`${ipv6} IPv6`] : [])];
  const packets = `packet${ipv4 + ipv6 === 1 ? '' : 's'}`;
  return ['network', `${shown.join(' and ')} ${packets} to nowhere`, 'none', 'broken'];
}

function writes({ changes }: RunFacts): Row {
  const limit = 'nothing else';
  if (changes === undefined) return ['writes', 'the root file system was read-only', limit];
  if (changes.length === 0) {
    return ['writes', 'nothing else, the root file system being writable', limit];
  }
  return ['writes', listed(changes, 5), limit, 'broken'];
}

/** The platform shows this line of a failed run and nothing else. */
function lastWords({ stderr }: RunFacts): Row {
  const fault = emptyWords(stderr);
  const observed = fault ?? `"${shorten(lastLine(stderr))}"`;
  return ['last-line', observed, 'says what is wrong', fault === undefined ? 'kept' : 'warning'];
}

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
 */
function attributeFailure(run: RunFacts, symptom: ErrorCode | undefined): RuleId | undefined {
  if (run.timedOut) return 'time';
  if (run.exitCode === 0) return undefined;
  if (run.oomKilled || run.exitCode === 137) return 'memory';
  if (DENIED_WRITE.test(run.stderr)) return 'writes';
  const rule = symptom === undefined ? undefined : RULE_OF[symptom];
  const other = run.calls === undefined ? 'exit' : 'invoke';
  // A program can speak of networks without using one.
  if (rule === 'network' && run.observation?.refused.ipv4 === 0) return other;
  return rule ?? ((run.usage?.refusedProcesses ?? 0) > 0 ? 'processes' : other);
}

/** A frame of a stack, a version or a bracket: what is left of an exception nobody caught. */
const LEFTOVER = /^(at |Node\.js v|\}|\^|node:)/;
const ERROR = /^(Uncaught )?\w*(Error|Exception)\b.*: /;
const WIDTH = 200;

/** Why the last line of stderr tells its reader nothing; undefined for one that may. */
function emptyWords(stderr: string): string | undefined {
  const last = lastLine(stderr);
  if (last === '') return 'stderr is empty';
  return LEFTOVER.test(last) ? `"${last}"` : undefined;
}

/** The line that tells most about a failure: how it was recognised, the last, or that above a stack. */
function tellingLine(stderr: string, evidence?: string): string {
  if (evidence !== undefined) return shorten(evidence);
  if (emptyWords(stderr) === undefined) return shorten(lastLine(stderr));
  const lines = stderr.split('\n').map((line) => line.trimEnd());
  const above = uncaughtError(lines) ?? lines.findLast((line) => ERROR.test(line.trim()));
  return shorten(above?.trim() ?? lastLine(stderr));
}

/** Keeps a line short enough for a table. Cause and fix of our own errors have rows of their own. */
function shorten(line: string): string {
  const own = /^([A-Z][A-Z_]+ .*?)\. Likely cause: .*Fix: /.exec(line)?.[1];
  if (own !== undefined) return own;
  return line.length <= WIDTH ? line : `${line.slice(0, WIDTH - 3)}...`;
}
