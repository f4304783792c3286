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
    /** What they planned and did in their time, in the order in which they said so. */
    plans: told('plan').flatMap(({ plan }) => (isPlan(plan) ? [plan] : [])),
    /** What they warned of, each once. */
    warnings: [...new Set(texts(warnings.map(({ warning, msg }) => warning ?? msg)))],
    /** What stood in for the model's answer and why; undefined where nothing did. */
    fallback: texts(
      told('fallback used').map(({ answer, reason }) => `${answer}, because of ${reason}`),
    ).at(-1),
  };
}

/** As far as it is shown; plan.json has all of it. */
interface Plan {
  readonly state: string;
  readonly part: string;
  readonly networks: { readonly of: number; readonly done: number };
  readonly windows: { readonly of: number; readonly done: number };
  readonly mirrors: { readonly of: number; readonly done: number };
  readonly dropped: readonly string[];
}

/** What was done of each part, a line each. */
export function describePlans(plans: readonly Plan[]): string[] {
  const parts = [...new Set(plans.map(({ part }) => part))];
  return parts.map((of) => {
    const last = plans.findLast(({ part }) => part === of)!;
    const { part, state, networks, windows, mirrors, dropped } = last;
    const done = Object.entries({ networks, windows, 'mirror images': mirrors })
      .filter(([, share]) => share.of > 1)
      .map(([name, share]) => `${name} ${share.done} of ${share.of}`);
    const left = dropped.length === 0 ? 'all' : `without ${dropped.join(', ')}`;
    return `${part} ${state}: ${[...done, left].join(', ')}`;
  });
}

/** Whether a plan had no time for all of the recipe: another run may leave out something else. */
export function leavesOut(plans: readonly unknown[] = []): boolean {
  const known = plans.filter(isPlan);
  const isLast = ({ part }: Plan, i: number) => !known.slice(i + 1).some((p) => p.part === part);
  return known.some((plan, i) => isLast(plan, i) && plan.dropped.length > 0);
}

function isPlan(value: unknown): value is Plan {
  return typeof value === 'object' && value !== null && 'dropped' in value && 'networks' in value;
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
