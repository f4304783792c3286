import { lastLine } from '../../engine/open-engine.ts';
import type { RecognisedSymptom } from '../../symptoms/recognise-symptom.ts';
import type { Limits } from '../profile/limits-of.ts';
import { showMemory } from '../profile/parse-size.ts';
import type { RunFacts } from '../run-container.ts';
import { blame } from './blame.ts';
import type { Finding, RuleId } from './finding.ts';
import { emptyWords, shorten, tellingLine } from './last-words.ts';
import { finding, titleOf } from './rule-table.ts';

/** Of the memory limit; above it a slightly larger case may not fit. */
const CLOSE = 0.9;
const NOT_HERE = 'not observable here';

/**
 * The rules about how a run went. A failed run breaks one rule, the one that caused it; its exit
 * code is then told but not held against it a second time.
 */
export function judgeRun(
  run: RunFacts,
  limits: Limits,
  symptom: RecognisedSymptom | undefined,
): Finding[] {
  const blamed = blame(run, symptom?.code);
  const judge = (rule: RuleId, observed: string, limit: string, ok: Finding['verdict'] = 'kept') =>
    finding(rule, {
      observed,
      limit,
      verdict: rule === blamed ? 'broken' : ok,
      cause: rule === blamed ? symptom?.cause : undefined,
      fix: rule === blamed ? symptom?.fix : undefined,
      docs: rule === blamed ? symptom?.docs : undefined,
    });
  return [
    exitCode(run, blamed, symptom),
    judge('time', timeOf(run), `${limits.timeLimit} s`),
    memory(run, limits, judge),
    processes(run, limits, judge),
    network(run, judge),
    writes(run, judge),
    ...(run.exitCode === 0 || run.timedOut || run.exitCode === 137 ? [] : [lastWords(run.stderr)]),
  ];
}

type Judge = (
  rule: RuleId,
  observed: string,
  limit: string,
  otherwise?: Finding['verdict'],
) => Finding;

function exitCode(
  { exitCode: code, stderr }: RunFacts,
  blamed: RuleId | undefined,
  symptom: RecognisedSymptom | undefined,
): Finding {
  const line = tellingLine(stderr, symptom?.evidence);
  const said = code !== 0 && blamed === 'exit' && line !== '' ? `, saying: ${line}` : '';
  return finding('exit', {
    observed: `${code}${said}${blamed === undefined || blamed === 'exit' ? '' : `, see "${titleOf(blamed)}"`}`,
    limit: '0',
    verdict: blamed === 'exit' ? 'broken' : blamed === undefined ? 'kept' : 'note',
    cause: symptom?.cause,
    fix: symptom?.fix,
    docs: symptom?.docs,
  });
}

function timeOf({ seconds, timedOut, ignoredStop }: RunFacts): string {
  const end = timedOut
    ? ignoredStop
      ? ', then stopped; it ignored SIGTERM and was killed'
      : ', then stopped'
    : '';
  return `${seconds.toFixed(1)} s${end}`;
}

function memory({ usage, oomKilled, exitCode: code }: RunFacts, limits: Limits, judge: Judge) {
  const { memoryBytes, dataBytes } = limits;
  const limit =
    showMemory(memoryBytes) + (dataBytes === undefined ? '' : `, ${showMemory(dataBytes)} of data`);
  const { peakBytes, heldBytes } = usage ?? {};
  const facts = [
    ...(peakBytes === undefined ? [] : [`peak ${showMemory(peakBytes)}`]),
    ...(heldBytes === undefined ? [] : [`${showMemory(heldBytes)} without file cache`]),
  ];
  const killed = oomKilled || code === 137 ? ['killed'] : [];
  const seen = [...killed, ...facts].join(', ');
  const close = heldBytes !== undefined && heldBytes > CLOSE * memoryBytes;
  const verdict = oomKilled ? 'broken' : facts.length === 0 ? 'unseen' : close ? 'warning' : 'kept';
  return judge('memory', seen === '' ? NOT_HERE : seen, limit, verdict);
}

function processes({ usage }: RunFacts, limits: Limits, judge: Judge): Finding {
  const { processes: most, refusedProcesses: refused = 0 } = usage ?? {};
  const limit = String(limits.processes);
  if (most === undefined) return judge('processes', NOT_HERE, limit, 'unseen');
  const observed = refused > 0 ? `${most}, and ${refused} refused` : `${most}`;
  return judge('processes', observed, limit, refused > 0 ? 'broken' : 'kept');
}

function network({ observation }: RunFacts, judge: Judge): Finding {
  if (observation === undefined) return judge('network', NOT_HERE, 'none', 'unseen');
  const { ipv4, ipv6 } = observation.refused;
  if (ipv4 + ipv6 === 0) return judge('network', 'none', 'none');
  const shown = [...(ipv4 > 0 ? [`${ipv4} IPv4`] : []), ...(ipv6 > 0 ? [`${ipv6} IPv6`] : [])];
  const count = `${shown.join(' and ')} packet${ipv4 + ipv6 === 1 ? '' : 's'}`;
  return judge('network', `${count} to nowhere`, 'none', 'broken');
}

function writes({ changes }: RunFacts, judge: Judge): Finding {
  const limit = 'nothing else';
  if (changes === undefined) {
    return judge('writes', 'the root file system was read-only', limit);
  }
  const more = changes.length > 5 ? ` and ${changes.length - 5} more` : '';
  return changes.length === 0
    ? judge('writes', 'nothing else, the root file system being writable', limit)
    : judge('writes', `${changes.slice(0, 5).join(', ')}${more}`, limit, 'broken');
}

/** The platform shows this line of a failed run and nothing else. */
function lastWords(stderr: string): Finding {
  const fault = emptyWords(stderr);
  return finding('last-line', {
    observed: fault ?? `"${shorten(lastLine(stderr))}"`,
    limit: 'says what is wrong',
    verdict: fault === undefined ? 'kept' : 'warning',
  });
}
