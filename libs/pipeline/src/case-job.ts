import type { Task } from '@hecktor/case-io';
import type { PlanReport } from '@hecktor/inference';
import type { ResourceFolders } from '@hecktor/recipe';
import type { PlanMode } from '@hecktor/runtime';
import type { Grid, Tensor } from '@hecktor/volume';
import type { CasePaths } from './read-case.ts';

/** What a supervisor gives its compute worker; all of it can be cloned between threads. */
export interface CaseJob {
  readonly task: Task;
  /** Absent: recipe and networks are checked, nothing is computed. */
  readonly images?: CasePaths;
  /** Path of the clinical record, if the case has one. */
  readonly clinicalRecord?: string;
  readonly folders: ResourceFolders;
  readonly threads: number;
  /** URL of the entry file of the kernel threads. */
  readonly kernelWorker: string;
  /** When the run must be over, ms since the epoch. */
  readonly deadlineAt: number;
  /** Whether what does not fit into the time is left out. Default: all. */
  readonly plan?: PlanMode;
  /** Whether only the plan is wanted. */
  readonly planOnly?: boolean;
  /** Whether only the tensor that the networks would see is wanted. */
  readonly dumpTensor?: boolean;
  /** Whether networks stay open for the worker's next job. */
  readonly keepNetworks?: boolean;
}

/** Figures of a run, for its final log line. */
interface RunFigures {
  /** Seconds per stage. */
  readonly seconds: Readonly<Record<string, number>>;
  /** Windows that went through a network, where windows slide. */
  readonly windows?: number;
  /** What was planned and done until then. */
  readonly plan?: PlanReport;
}

/** A label map that came from a compute worker. */
export interface LabelMapAnswer {
  readonly grid: Grid;
  readonly labels: Uint8Array;
  /** Whether the labels are compressed (zlib), as they are while better ones are worked out. */
  readonly isDeflated?: boolean;
}

/** What is written to the outputs. */
export interface AnswerResult extends RunFigures {
  /**
   * By the names of the task's outputs: a risk, higher = earlier recurrence; whether the case is of
   * the positive class; the name of a class.
   */
  readonly values: Readonly<Record<string, number | boolean | string>>;
  /** Of a task with a label map among its outputs. */
  readonly labelMap?: LabelMapAnswer;
}

/** What the networks would see. */
export interface TensorResult extends RunFigures {
  /** (1, C, a, b, c) */
  readonly tensor: Tensor;
}

/** What a compute worker gives back that was asked for its plan alone: the log has it. */
export interface PlanResult extends RunFigures {
  readonly planned: true;
}

/** What a compute worker gives back. */
export type CaseResult = AnswerResult | TensorResult | PlanResult;
