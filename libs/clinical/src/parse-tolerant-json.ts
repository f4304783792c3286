/** A parsed text and what had to be forgiven in it. */
export interface TolerantJson {
  readonly value: unknown;
  readonly warnings: readonly string[];
}

/** A number as it was written: `1` and `1.0` are two texts. */
export class NumberToken {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/**
 * Strings are matched first so that nothing inside them is taken for a literal or a comma; one that
 * never ends is matched to the end of the text, or each of its quotes would be tried in turn.
 */
const STRING = String.raw`"(?:[^"\\]|\\[\s\S])*(?:"|\\?$)`;
const FAULTS = new RegExp(String.raw`${STRING}|-?\b(?:NaN|Infinity)\b|,(?=\s*[}\]])`, 'g');
const NUMBERS = new RegExp(
  String.raw`${STRING}|-?\b(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.])`,
  'g',
);
/** Marks a string that stands for a number; no key or value of a record begins like this. */
const MARK = '\u0000number:';

/**
 * Parses JSON as exporters of clinical tables write it: NaN and Infinity become null, trailing
 * commas and a byte order mark are skipped, each with a warning.
 *
 * @param numbers `tokens`: each number becomes a {@link NumberToken}.
 * @throws SyntaxError for any other fault.
 */
export function parseTolerantJson(
  text: string,
  { numbers = 'values' }: { readonly numbers?: 'values' | 'tokens' } = {},
): TolerantJson {
  const plain = text.replace(/^\uFEFF/, '');
  const parse = numbers === 'tokens' ? parseTokens : (json: string): unknown => JSON.parse(json);
  try {
    return { value: parse(plain), warnings: [] };
  } catch {
    const { mended, warnings } = mend(plain);
    return { value: parse(mended), warnings };
  }
}

/** What `JSON.parse` found, without a word of the text. */
export function describeJsonFault(error: unknown): string {
  const place = /position \d+(?: \(line \d+ column \d+\))?/.exec((error as Error).message);
  return `it is not JSON${place === null ? '' : ` at ${place[0]}`}`;
}

function mend(text: string): { mended: string; warnings: string[] } {
  const warnings = new Set<string>();
  const mended = text.replace(FAULTS, (token) => {
    if (token.startsWith('"')) return token;
    if (token === ',') {
      warnings.add('a trailing comma was skipped');
      return '';
    }
    warnings.add(`${token} was read as a missing value`);
    return 'null';
  });
  return { mended, warnings: [...warnings] };
}

function parseTokens(text: string): unknown {
  // Positions in messages must be those of the text itself.
  JSON.parse(text);
  const marked = text.replace(NUMBERS, (token) =>
    token.startsWith('"') ? token : JSON.stringify(MARK + token),
  );
  return JSON.parse(marked, (_key, value: unknown) =>
    typeof value === 'string' && value.startsWith(MARK)
      ? new NumberToken(value.slice(MARK.length))
      : value,
  );
}
