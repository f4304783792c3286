import { realpathSync } from 'node:fs';
import type { ModelFile } from './model-file.ts';
import type { LoadedSurvival } from './recipe-format.ts';

/** A network as recipes of all kinds name it. */
interface NamedModel {
  readonly file: string;
  readonly output: string;
}

/**
 * Networks and folds of an ensemble that are there twice, one sentence each. That is allowed, as it
 * weighs a member more, but mostly a copy of an entry in which the name was not changed.
 */
export function repeatedModels(
  entries: readonly NamedModel[],
  models: readonly ModelFile[],
  survival?: LoadedSurvival,
): string[] {
  const networks = models.map(({ path }, i) => `${realpathSync(path)} ${entries[i]!.output}`);
  const folds = survival?.model.folds.map(({ bag }) => JSON.stringify(bag)) ?? [];
  return [
    ...repeats(networks).map(
      ([first, second]) =>
        `models[${first}] and models[${second}] are the same network, ${entries[second]!.file}`,
    ),
    ...repeats(folds).map(
      ([first, second]) => `folds ${first} and ${second} of the survival model are the same`,
    ),
  ];
}

function repeats(keys: readonly string[]): [number, number][] {
  return keys.flatMap((key, i): [number, number][] => {
    const first = keys.indexOf(key);
    return first === i ? [] : [[first, i]];
  });
}
