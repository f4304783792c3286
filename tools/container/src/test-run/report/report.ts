import type { RecognisedSymptom } from '../../symptoms/recognise-symptom.ts';
import type { Api } from '../../api.ts';
import type { Outputs } from '../folders.ts';
import type { LayoutName } from '../run-args.ts';
import type { RunFacts } from '../run-container.ts';
import type { Limits } from '../limits.ts';
import type { Finding } from '../rules/rules.ts';

/** What one run of a case measured; undefined where it is not observable. */
export interface RunReport extends Pick<RunFacts, 'exitCode' | 'seconds' | 'startUp'> {
  readonly layout: LayoutName;
  readonly writableRoot: boolean;
  /** s for each case of a server. */
  readonly invokes?: readonly number[] | undefined;
  /** s per stage, as the container's log says. */
  readonly stages: Readonly<Record<string, number>>;
  readonly peakBytes: number | undefined;
  readonly cpuSeconds: number | undefined;
  readonly outputBytes: number;
  /** Left in /tmp. */
  readonly scratchBytes: number | undefined;
}

/** One case: its rows, its runs and what it wrote. */
export interface CaseReport {
  readonly name: string;
  /** Folder of the case on this machine. */
  readonly input: string;
  readonly output: string;
  readonly findings: readonly Finding[];
  readonly runs: readonly RunReport[];
  readonly outputs: Outputs;
  /** What the container planned and did in its time, as its log has it. */
  readonly plans?: readonly unknown[];
  /** What a failed run looks like. */
  readonly symptom?: RecognisedSymptom | undefined;
  /** PNG of a mask on its images. */
  readonly picture?: Uint8Array | undefined;
}

/** A whole test run. */
export interface TestRunReport {
  readonly task: string;
  readonly profile: string;
  readonly image: { readonly tag: string; readonly id: string; readonly size: number };
  readonly api: Api;
  readonly limits: Limits;
  /** ISO 8601. */
  readonly startedAt: string;
  /** No rule is broken, neither by the image nor by a run. */
  readonly passed: boolean;
  /** About the image alone. */
  readonly findings: readonly Finding[];
  readonly cases: readonly CaseReport[];
}
