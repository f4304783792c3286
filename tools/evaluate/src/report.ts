import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { TaskOutput } from '@hecktor/case-io';
import { loggedProbabilities, openAnswers, readPredictions } from '@hecktor/cohort';
import { writeReport, type ReportOptions, type ReportPart } from '@hecktor/report';
import type { EvaluateOptions, Evaluation } from './evaluate.ts';

/** An output that was scored. */
export type Scored = EvaluateOptions & Evaluation;

/**
 * Writes the page of an evaluation (docs/report.md); run times are known of folders of `predict`.
 *
 * @param total - Of a task with several outputs.
 */
export async function report(
  out: string,
  scored: readonly Scored[],
  total?: ReportOptions['total'],
): Promise<void> {
  const { predictions, conventions } = scored[0]!;
  const isRun = existsSync(join(predictions, 'run.json'));
  await writeReport({
    parts: scored.map(partOf),
    total,
    detection: { connectivity: conventions.connectivity, minIoU: conventions.minIoU },
    predictions: isRun ? readPredictions(predictions) : undefined,
    out,
  });
}

function partOf({ task, cohort, predictions, rows, summary }: Scored): ReportPart {
  const answers = openAnswers(predictions, task);
  const { output } = task;
  return {
    ...{ task, cohort, scores: { cases: rows, summary } },
    maskOf: (id) => {
      const answer = answers.of(id);
      return 'file' in answer ? answer.file : undefined;
    },
    probabilitiesOf: (id) => {
      const answer = answers.of(id);
      if (!('file' in answer) || output.kind !== 'class') return undefined;
      // The log does not say of which output it tells.
      const isClear = task.outputs.filter((one) => hasClasses(one, output.classes)).length === 1;
      return isClear ? loggedProbabilities(answer.log, output.classes.map(String)) : undefined;
    },
  };
}

function hasClasses(output: TaskOutput, classes: readonly (string | number)[]): boolean {
  return output.kind === 'class' && output.classes.join() === classes.join();
}
