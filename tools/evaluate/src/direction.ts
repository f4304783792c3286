import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Summary } from '@hecktor/cohort';
import { HecktorError } from '@hecktor/errors';
import { describeScore } from './text.ts';

/**
 * Refuses a risk that orders patients the wrong way round.
 *
 * @param resources Folder of the recipe; what to do about it depends on the recipe's head.
 * @throws HecktorError DIRECTION_INVERTED when the C-index is below 0.5.
 */
export function assertDirection({ scores }: Summary, resources: string): void {
  const score = scores.find(({ name }) => name === 'C-index');
  if (score === undefined || !(score.value < 0.5)) return;
  const file = join(resources, 'pipeline.json');
  const sure = score.interval.high < 0.5 ? '' : ', but the interval holds 0.5: not sure yet';
  throw new HecktorError('DIRECTION_INVERTED', {
    file,
    detail: `C-index ${describeScore(score)} is below 0.5${sure}`,
    fix: remedy(file),
  });
}

/** A line about a direction that was not refused. */
export function describeDirection({ scores, warnings }: Summary): string {
  const certain = warnings.length === 0 ? 'as it should be' : 'probably as it should be';
  // Equal risks order nobody.
  const direction = scores[0]?.value === 0.5 ? 'unknown' : certain;
  const see = warnings.length === 0 ? '' : ', see the warning';
  return `direction: ${direction}${see}; higher risk = earlier recurrence\n`;
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
  type Recipe = { head?: { kind?: string; higherIs?: string } };
  try {
    return (JSON.parse(readFileSync(file, 'utf8')) as Recipe).head ?? {};
  } catch {
    // The program has already said what is wrong with the recipe.
    return {};
  }
}
