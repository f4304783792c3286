import type { Line, Measurement } from './measure-process.ts';

/** What a line of a program is about: `mark` in drivers, `msg` in the container's log. */
export function markOf(line: Line): string | undefined {
  const mark = line['mark'] ?? line['msg'];
  return typeof mark === 'string' ? mark : undefined;
}

/**
 * When a line arrived, s since the start of the process.
 *
 * @throws Error when the program never wrote it.
 */
export function timeOf(run: Measurement, mark: string): number {
  return find(run, mark).at;
}

/**
 * Seconds of a stage, or the sum of several, as the program itself tells in its last line.
 *
 * @throws Error for a stage that it does not tell.
 */
export function stageSeconds(run: Measurement, ...stages: readonly string[]): number {
  const seconds = find(run, 'done').line['seconds'] as Record<string, number> | undefined;
  return stages.reduce((sum, stage) => {
    const value = seconds?.[stage];
    if (value === undefined) throw new Error(`the last line tells no seconds of "${stage}"`);
    return sum + value;
  }, 0);
}

function find(run: Measurement, mark: string): Measurement['lines'][number] {
  const found = run.lines.find(({ line }) => markOf(line) === mark);
  if (found === undefined) throw new Error(`the program ended without the line "${mark}"`);
  return found;
}
