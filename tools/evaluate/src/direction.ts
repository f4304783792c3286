import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { HecktorError } from '@hecktor/errors';
import type { Evaluation } from './report.ts';
import { describeScore } from './score.ts';

/**
 * Refuses a risk that orders patients the wrong way round.
 *
 * @param resources Folder of the recipe; what to do about it depends on the recipe's head.
 * @throws HecktorError DIRECTION_INVERTED when the C-index is below 0.5.
 */
export function assertDirection(evaluation: Evaluation, resources: string): void {
  const score = evaluation.scored?.scores.find(({ name }) => name === 'C-index');
  if (score === undefined || score.value >= 0.5) return;
  const file = join(resources, 'pipeline.json');
  const sure = score.interval.high < 0.5 ? '' : ', but the interval holds 0.5: not sure yet';
  throw new HecktorError('DIRECTION_INVERTED', {
    file,
    detail: `C-index ${describeScore(score)} is below 0.5${sure}`,
    fix: remedy(file),
  });
}

function remedy(file: string): string {
  const head = headOf(file);
  if (head.kind === 'icare') {
    return (
      'fit the survival models again on times and events as they are (higher risk = earlier ' +
      'recurrence), or turn the sign of every weight and meanPrediction in survival.json'
    );
  }
  const now = head.higherIs ?? 'earlier';
  return `set head.higherIs to "${now === 'later' ? 'earlier' : 'later'}" (it is "${now}")`;
}

function headOf(file: string): { kind?: string; higherIs?: string } {
  if (!existsSync(file)) return {};
  try {
    const recipe = JSON.parse(readFileSync(file, 'utf8')) as {
      head?: { kind?: string; higherIs?: string };
    };
    return recipe.head ?? {};
  } catch {
    // The program has told what is wrong with the recipe before.
    return {};
  }
}
