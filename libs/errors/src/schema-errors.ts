import type { ErrorObject } from 'ajv';

/**
 * Ajv's errors as sentences, each naming the field, most specific first and none twice.
 *
 * @param whole - What the value as a whole is called.
 */
export function explainSchemaErrors(
  errors: readonly ErrorObject[],
  value: unknown,
  whole: string,
): string[] {
  // `oneOf` and `anyOf` repeat what the errors of their branches say.
  const detailed = errors.filter(({ keyword }) => keyword !== 'oneOf' && keyword !== 'anyOf');
  return [...new Set(detailed.map((error) => explain(error, value, errors, whole)))];
}

function explain(
  error: ErrorObject,
  value: unknown,
  all: readonly ErrorObject[],
  whole: string,
): string {
  const place = error.instancePath === '' ? whole : placeOf(error.instancePath, value);
  const { params, parentSchema, data } = error;
  switch (error.keyword) {
    case 'additionalProperties': {
      const key = String(params['additionalProperty']);
      const known = Object.keys((parentSchema?.['properties'] ?? {}) as object);
      return `${place} has the unknown key "${key}"${suggestion(key, known)}`;
    }
    case 'required':
      return `${place} lacks "${String(params['missingProperty'])}"`;
    case 'discriminator': {
      const tag = String(params['tag']);
      const known = tags(parentSchema, tag);
      const value = params['tagValue'];
      const near = typeof value === 'string' ? suggestion(value, known) : '';
      return `${place}.${tag} is ${show(value)}, expected one of ${known.join(', ')}${near}`;
    }
    case 'enum': {
      const allowed = (params['allowedValues'] as unknown[]).map(String);
      const near = typeof data === 'string' ? suggestion(data, allowed) : '';
      return `${place} is ${show(data)}, expected one of ${allowed.join(', ')}${near}`;
    }
    case 'const': {
      // A choice of words is a union of constants, and each reports itself.
      const allowed = all
        .filter((other) => other.keyword === 'const' && other.instancePath === error.instancePath)
        .map((other) => other.params['allowedValue'] as unknown);
      const near = typeof data === 'string' ? suggestion(data, allowed.map(String)) : '';
      const expected = allowed.length === 1 ? show(allowed[0]) : `one of ${allowed.join(', ')}`;
      return `${place} is ${show(data)}, expected ${expected}${near}`;
    }
    default:
      return `${place} ${error.message ?? 'is invalid'}, got ${show(data)}`;
  }
}

function tags(schema: unknown, tag: string): string[] {
  type Branch = { properties?: Record<string, { const?: string }> };
  const branches = (schema as { oneOf?: Branch[] }).oneOf;
  return (branches ?? []).map((branch) => branch.properties?.[tag]?.const ?? '');
}

/** `/preprocessing/2/size` as `preprocessing[2] (crop-neck).size`. */
function placeOf(pointer: string, whole: unknown): string {
  let value = whole;
  let place = '';
  for (const raw of pointer.slice(1).split('/')) {
    const key = raw.replaceAll('~1', '/').replaceAll('~0', '~');
    const inList = Array.isArray(value);
    value = (value as Record<string, unknown> | null | undefined)?.[key];
    place += inList ? `[${key}]` : `${place === '' ? '' : '.'}${key}`;
    const { step, encode } = (value ?? {}) as { step?: unknown; encode?: unknown };
    const label = step ?? encode;
    if (inList && typeof label === 'string') place += ` (${label})`;
  }
  return place;
}

function show(value: unknown): string {
  const text = value === undefined ? 'missing' : JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

/**
 * The known word that a mistyped one most likely stands for: the one at the smallest edit distance,
 * if that is small for the word's length. Case, `-` and `_` do not count.
 */
export function nearMiss(word: string, known: readonly string[]): string | undefined {
  const plain = (text: string) => text.toLowerCase().replace(/[-_\s]/g, '');
  const own = plain(word);
  let best: string | undefined;
  let bestDistance = Math.max(2, Math.floor(word.length / 3)) + 1;
  for (const candidate of known) {
    const other = plain(candidate);
    // No distance is less than the difference of the lengths.
    if (Math.abs(own.length - other.length) >= bestDistance) continue;
    const distance = editDistance(own, other);
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance];
  }
  return best;
}

/** ` (did you mean "x"?)`, or nothing. */
export function suggestion(word: string, known: readonly string[]): string {
  const near = nearMiss(word, known);
  return near === undefined ? '' : ` (did you mean "${near}"?)`;
}

/** Insertions, deletions, replacements and swaps of neighbours that turn `a` into `b`. */
function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = last[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      row[j] = Math.min(replaced, last[j]! + 1, row[j - 1]! + 1);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (swapped) row[j] = Math.min(row[j]!, before[j - 2]! + 1);
    }
    [before, last] = [last, row];
  }
  return last[b.length]!;
}
