import type { EngineName } from '../engine/open-engine.ts';
import type { Task } from '../task.ts';

/** Options that the next step must be given too. */
export interface NextOptions {
  engine: EngineName;
  tag?: string | undefined;
  /** Others, such as `--build=false`. */
  more?: readonly string[];
}

/** The command of the next step, for the same image of the same engine. */
export function nextTarget(
  { name }: Pick<Task, 'name'>,
  target: string,
  { engine, tag, more = [] }: NextOptions,
): string {
  return [
    `next: npx nx run ${name}:${target}`,
    ...(engine === 'docker' ? [] : [`--engine=${engine}`]),
    ...(tag === undefined ? [] : [`--tag=${tag}`]),
    ...more,
  ].join(' ');
}
