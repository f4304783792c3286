import { ESLint } from 'eslint';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../../', import.meta.url));

const TYPE_AWARE = [
  'no-floating-promises',
  'no-misused-promises',
  'await-thenable',
  'switch-exhaustiveness-check',
];

/**
 * Lints a fixture's text as though it were the file `path` of the workspace, so that it meets the
 * rules of that layer without being part of any project's build.
 *
 * @returns [line, rule id or message] pairs in the order of the file.
 */
export async function lintAs(
  fixture: string,
  path: string,
  report: 'ruleId' | 'message' = 'ruleId',
): Promise<[number, string | null][]> {
  const eslint = new ESLint({
    cwd: root,
    // The path does not exist on disk, so there are no types to be had for it.
    overrideConfig: {
      languageOptions: { parserOptions: { project: null } },
      rules: Object.fromEntries(TYPE_AWARE.map((rule) => [`@typescript-eslint/${rule}`, 'off'])),
    },
  });
  const text = await readFile(new URL(`../fixtures/${fixture}.ts.txt`, import.meta.url), 'utf8');
  const [result] = await eslint.lintText(text, { filePath: `${root}${path}` });
  if (result === undefined) throw new Error(`ESLint ignores ${path}`);
  return result.messages
    .map((message): [number, string | null] => [message.line, message[report]])
    .sort(([a, x], [b, y]) => a - b || String(x).localeCompare(String(y)));
}
