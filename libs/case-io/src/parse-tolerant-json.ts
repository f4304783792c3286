/** A parsed text and what had to be forgiven in it. */
export interface TolerantJson {
  readonly value: unknown;
  readonly warnings: readonly string[];
}

/**
 * Strings are matched first so that nothing inside them is taken for a literal or a comma; one that
 * never ends is matched to the end of the text, or each of its quotes would be tried in turn.
 */
const TOKENS = /"(?:[^"\\]|\\[\s\S])*(?:"|\\?$)|-?\b(?:NaN|Infinity)\b|,(?=\s*[}\]])/g;

/**
 * Parses JSON as exporters of clinical tables write it: NaN and Infinity become null, trailing
 * commas and a byte order mark are skipped, each with a warning.
 *
 * @throws SyntaxError for any other fault.
 */
export function parseTolerantJson(text: string): TolerantJson {
  const plain = text.replace(/^\uFEFF/, '');
  try {
    return { value: JSON.parse(plain) as unknown, warnings: [] };
  } catch {
    const warnings = new Set<string>();
    const mended = plain.replace(TOKENS, (token) => {
      if (token.startsWith('"')) return token;
      if (token === ',') {
        warnings.add('a trailing comma was skipped');
        return '';
      }
      warnings.add(`${token} was read as a missing value`);
      return 'null';
    });
    return { value: JSON.parse(mended) as unknown, warnings: [...warnings] };
  }
}
