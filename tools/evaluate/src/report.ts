import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { openAnswers, readPredictions } from '@hecktor/cohort';
import { writeReport } from '@hecktor/report';
import type { EvaluateOptions, Evaluation } from './evaluate.ts';

/** Writes the page of an evaluation (docs/report.md); run times are known of folders of `predict`. */
export async function report(
  out: string,
  { task, cohort, predictions, conventions }: EvaluateOptions,
  { rows, summary }: Evaluation,
): Promise<void> {
  const answers = openAnswers(predictions, task);
  const isRun = existsSync(join(predictions, 'run.json'));
  await writeReport({
    ...{ task, cohort, out },
    scores: { cases: rows, summary },
    detection: { connectivity: conventions.connectivity, minIoU: conventions.minIoU },
    predictions: isRun ? readPredictions(predictions) : undefined,
    maskOf: (id) => {
      const answer = answers.of(id);
      return 'file' in answer ? answer.file : undefined;
    },
  });
}
