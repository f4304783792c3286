type Line = Readonly<Record<string, unknown>>;

/** What our containers say about themselves in their log; others say nothing of the kind. */
export function ownFigures(stdout: string) {
  const lines = stdout.split('\n').flatMap(parse);
  const told = (message: string) => lines.filter(({ msg }) => msg === message);
  const last = lines.findLast(({ seconds }) => isTable(seconds));
  const peak = last?.['peakMemoryMiB'];
  const warnings = lines.filter(({ level }) => level === 'warn');
  return {
    /** Seconds per stage, in the order they ran. */
    stages: isTable(last?.['seconds']) ? last['seconds'] : {},
    peakBytes: typeof peak === 'number' ? peak * 2 ** 20 : undefined,
    /** Digests of the weights that were loaded. */
    models: texts(told('model loaded').flatMap(({ sha256, dataSha256 }) => [sha256, dataSha256])),
    /** What they warned of, each once. */
    warnings: [...new Set(texts(warnings.map(({ warning, msg }) => warning ?? msg)))],
  };
}

function parse(line: string): Line[] {
  try {
    return line.startsWith('{') ? [JSON.parse(line) as Line] : [];
  } catch {
    return [];
  }
}

function texts(values: readonly unknown[]): string[] {
  return values.filter((value) => typeof value === 'string');
}

function isTable(value: unknown): value is Readonly<Record<string, number>> {
  if (typeof value !== 'object' || value === null) return false;
  return Object.values(value).every((entry) => typeof entry === 'number');
}
