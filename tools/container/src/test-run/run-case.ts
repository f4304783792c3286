import type { Task } from '@hecktor/case-io';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Api } from '../api.ts';
import type { Engine } from '../engine/open-engine.ts';
import { recogniseSymptom } from '../symptoms/recognise-symptom.ts';
import type { Case } from './cases.ts';
import { differing, emptyOutput, handOver, outputDigests, type Outputs } from './folders.ts';
import { type Layout, type LayoutName, LAYOUTS } from './run-args.ts';
import { describePlans, leavesOut, ownFigures } from './observe/own-figures.ts';
import type { CaseReport } from './report/report.ts';
import { type Finding, finding, note, type Verdict } from './rules/rules.ts';
import { judgeOutput, outputsUnseen } from './rules/judge-output.ts';
import { judgeRun } from './rules/judge-run.ts';
import { runContainer, type RunContainerOptions } from './run-container.ts';

/** Folders are absolute. */
interface RunCaseOptions extends Pick<
  RunContainerOptions,
  'image' | 'limits' | 'model' | 'env' | 'signal'
> {
  task: Task;
  case: Case;
  /** The case as it can be mounted. */
  mounted: string;
  output: string;
  layout: LayoutName;
  /** Of a second run with a writable root, which shows what is written elsewhere; undefined: none. */
  secondLayout: LayoutName | undefined;
  onLine: RunContainerOptions['onLine'] | undefined;
  api: Api;
  /** Called before each run. */
  onRun: (layout: LayoutName, writableRoot: boolean) => void;
}

/** Characters of the log's warnings in a report. */
const MAX_WARNED = 600;

/**
 * Runs a case under the rules, judges it, and if that went well runs it once more with a writable
 * root file system. Returns also what the container said in its first run.
 */
export async function runCase(
  engine: Engine,
  options: RunCaseOptions,
): Promise<CaseReport & { readonly stdout: string }> {
  const { output, layout, secondLayout } = options;
  const first = await runOnce(engine, options, { layout, output, writableRoot: false });
  const { name, folder: input } = options.case;
  const { outputs, plans, symptom: ofFirst } = first;
  const report = {
    ...{ name, input, output, outputs, plans },
    ...{ symptom: ofFirst, stdout: first.facts.stdout },
  };
  if (first.facts.exitCode !== 0 || secondLayout === undefined) {
    return { ...report, findings: first.findings, runs: [first.report] };
  }
  const elsewhere = await mkdtemp(join(tmpdir(), 'hecktor-second-run-'));
  try {
    const second = await runOnce(engine, options, {
      layout: secondLayout,
      output: join(elsewhere, 'output'),
      writableRoot: true,
    });
    const where = secondLayout === layout ? 'second run' : `${secondLayout} layout`;
    const findings = worstOf(first.findings, second.findings, where);
    // Only a result that both runs have can be the same.
    if (second.facts.exitCode === 0) {
      const isPlanned = leavesOut(plans) || leavesOut(second.plans);
      const why = isPlanned ? ': what the plan leaves out depends on the time' : '';
      findings.push(sameResult(outputs, second.outputs, why));
    }
    const symptom = second.symptom ?? ofFirst;
    return { ...report, findings, symptom, runs: [first.report, second.report] };
  } finally {
    await rm(elsewhere, { recursive: true, force: true });
  }
}

async function runOnce(
  engine: Engine,
  options: RunCaseOptions,
  { layout, output, writableRoot }: { layout: LayoutName; output: string; writableRoot: boolean },
) {
  const { limits, task, onLine } = options;
  const input = options.case.folder;
  options.onRun(layout, writableRoot);
  await emptyOutput(output, [input]);
  const named = (text: string) => hostPaths(text, LAYOUTS[layout], { input, output });
  let earlier: Outputs | undefined;
  const between = async (): Promise<void> => {
    await handOver(engine, options.image, output);
    earlier = (await outputDigests(output)).outputs;
    await emptyOutput(output, [input]);
  };
  const raw = await runContainer(engine, {
    ...(options.api === 'invoke' && { between }),
    ...{ ...options, output, writableRoot, input: options.mounted, layout: LAYOUTS[layout] },
    onLine: (line, stream) => onLine?.(stream === 'stderr' ? named(line) : line, stream),
  }).finally(() => handOver(engine, options.image, output));
  const stderr = named(raw.stderr);
  const facts = { ...raw, stderr };
  const symptom = recogniseSymptom({ ...facts, stderrTail: stderr, stdoutTail: facts.stdout });
  const run = judgeRun(facts, limits, symptom);
  // The platform takes no output of a run that failed.
  const written =
    facts.exitCode === 0 && !facts.timedOut
      ? await judgeOutput(task, input, output)
      : outputsUnseen(task.outputs, 'not judged, the run failed');
  const { outputs, bytes } = await outputDigests(output);
  const own = ownFigures(facts.stdout);
  return {
    facts,
    outputs,
    symptom,
    findings: [
      ...run,
      ...ownAnswer(own.fallback),
      ...written,
      ...(earlier === undefined || facts.exitCode !== 0
        ? []
        : [sameResult(earlier, outputs, ' in one process')]),
      ...describePlans(own.plans).map((plan) => note('plan', plan)),
      ...warned(own.warnings),
    ],
    plans: own.plans,
    report: {
      ...{ layout, writableRoot, stages: own.stages },
      ...{ exitCode: facts.exitCode, seconds: facts.seconds, startUp: facts.startUp },
      invokes: facts.calls?.invokes.map(({ seconds }) => seconds),
      peakBytes: facts.usage?.peakBytes ?? own.peakBytes,
      cpuSeconds: facts.usage?.cpuSeconds,
      outputBytes: bytes,
      scratchBytes: facts.observation?.scratch.bytes,
    },
  };
}

/** Of several cases the log is not shown as it comes. */
function warned(warnings: readonly string[]): Finding[] {
  if (warnings.length === 0) return [];
  const text = warnings.join('; ');
  const shown = text.length > MAX_WARNED ? `${text.slice(0, MAX_WARNED)}...` : text;
  return [note('warnings in its log', shown)];
}

/** The platform takes the fallback of a recipe like any other answer. */
function ownAnswer(fallback: string | undefined): Finding[] {
  if (fallback === undefined) return [];
  const row = { observed: `no: ${fallback}`, limit: 'no fallback', verdict: 'warning' } as const;
  return [finding('own-answer', row)];
}

function sameResult(first: Outputs, second: Outputs, where = ''): Finding {
  const paths = differing(first, second);
  return finding('same-result', {
    observed: `${paths.length === 0 ? 'byte for byte' : `${paths.join(', ')} differ`}${where}`,
    limit: 'the same',
    verdict: paths.length === 0 ? 'kept' : 'warning',
  });
}

/**
 * A container's message with the folders of this machine in place of those inside the container,
 * so that a person finds the file it is about.
 */
export function hostPaths(
  text: string,
  layout: Layout,
  { input, output }: { input: string; output: string },
): string {
  const swap = (into: string, inside: string, outside: string) =>
    into.replaceAll(new RegExp(`(?<![\\w./-])${inside}(?=[/\\s\\]"':,)]|$)`, 'g'), () => outside);
  return swap(swap(text, layout.input, input), layout.output, output);
}

const BEST_LAST: readonly Verdict[] = ['broken', 'warning', 'kept', 'note', 'unseen'];

/**
 * The findings of two runs in one list: of each rule the worse, and what was seen over what was not.
 *
 * @param where - Said of a row that only the second run gave reason for.
 */
export function worstOf(
  first: readonly Finding[],
  second: readonly Finding[],
  where: string,
): Finding[] {
  const isSame = (a: Finding, b: Finding) => a.rule === b.rule && a.title === b.title;
  const merged = first.map((row) => {
    const other = second.find((candidate) => isSame(candidate, row));
    if (other === undefined) return row;
    const gain = BEST_LAST.indexOf(row.verdict) - BEST_LAST.indexOf(other.verdict);
    if (gain > 0 && (other.verdict === 'broken' || other.verdict === 'warning')) {
      return { ...other, observed: `${other.observed} (${where})` };
    }
    // Only the second run could see what was written.
    return gain > 0 || (gain === 0 && row.rule === 'writes') ? other : row;
  });
  return [...merged, ...second.filter((row) => !first.some((known) => isSame(known, row)))];
}
