/** A key that an object has twice, and the line of its second place. */
export interface DuplicateKey {
  readonly key: string;
  readonly line: number;
}

/** A text, or a sign that changes the object one is in; what lies between is passed over. */
const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\]:]/g;

/**
 * The keys that objects of a JSON text have twice. `JSON.parse` takes the last one without a word.
 *
 * @param text - Valid JSON.
 */
export function duplicateKeys(text: string): DuplicateKey[] {
  const found: DuplicateKey[] = [];
  const open: Set<string>[] = [];
  let last: { text: string; index: number } | undefined;
  for (const { 0: token, index } of text.matchAll(TOKEN)) {
    if (token === '{' || token === '[') open.push(new Set());
    else if (token === '}' || token === ']') open.pop();
    else if (token === ':' && last !== undefined) {
      const key = JSON.parse(last.text) as string;
      const keys = open.at(-1)!;
      if (keys.has(key)) found.push({ key, line: text.slice(0, last.index).split('\n').length });
      keys.add(key);
    } else last = { text: token, index };
  }
  return found;
}
