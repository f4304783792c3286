import { format, resolveConfig } from 'prettier';
import { fileURLToPath } from 'node:url';
import { describeErrors } from '../src/symptoms/describe-errors.ts';

/** The generated pages of the documentation, by their URL. */
export async function generatedDocs(root: URL): Promise<ReadonlyMap<URL, string>> {
  const errors = new URL('docs/errors.md', root);
  const style = await resolveConfig(fileURLToPath(errors));
  return new Map([[errors, await format(describeErrors(), { ...style, parser: 'markdown' })]]);
}
