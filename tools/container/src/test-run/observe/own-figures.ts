/** What our containers say about themselves in their log. */
export interface OwnFigures {
  /** Seconds per stage, in the order they ran. */
  readonly stages: Readonly<Record<string, number>>;
  readonly peakBytes: number | undefined;
  /** Name of the recipe that ran. */
  readonly recipe: string | undefined;
  /** Digests of the weights that were loaded. */
  readonly models: readonly string[];
  /** What they warned of, each once. */
  readonly warnings: readonly string[];
}

/** Reads them from a container's stdout; other containers say nothing of the kind. */
export function ownFigures(stdout: string): OwnFigures {
  const lines = stdout.split('\n').flatMap(parse);
  const last = lines.findLast((line) => isTable(line['seconds']));
  const peak = last?.['peakMemoryMiB'];
  const recipe = lines.find((line) => line['msg'] === 'recipe loaded')?.['name'];
  return {
    stages: isTable(last?.['seconds']) ? last['seconds'] : {},
    peakBytes: typeof peak === 'number' ? peak * 2 ** 20 : undefined,
    recipe: typeof recipe === 'string' ? recipe : undefined,
    models: lines
      .filter((line) => line['msg'] === 'model loaded')
      .flatMap((line) => [line['sha256'], line['dataSha256']])
      .filter((digest) => typeof digest === 'string'),
    warnings: [...new Set(lines.filter((line) => line['level'] === 'warn').flatMap(words))],
  };
}

function words({ msg, warning }: Record<string, unknown>): string[] {
  return [warning, msg].filter((text) => typeof text === 'string').slice(0, 1);
}

function parse(line: string): Record<string, unknown>[] {
  if (!line.startsWith('{')) return [];
  try {
    return [JSON.parse(line) as Record<string, unknown>];
  } catch {
    return [];
  }
}

function isTable(value: unknown): value is Record<string, number> {
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.values(value).every((entry) => typeof entry === 'number')
  );
}
