import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { format } from 'prettier';
import { describeRecipe } from '../src/docs/describe-recipe.ts';
import { recipeJsonSchema } from '../src/docs/recipe-json-schema.ts';

/** The generated files of the documentation, by their URL. */
export async function generatedDocs(root: URL): Promise<ReadonlyMap<URL, string>> {
  return new Map([
    [
      new URL('docs/schema/pipeline.schema.json', root),
      `${JSON.stringify(recipeJsonSchema(), null, 2)}\n`,
    ],
    [new URL('docs/recipe.md', root), await format(describeRecipe(), { parser: 'markdown' })],
  ]);
}

/** Writes the generated files. */
export async function writeDocs(root: URL): Promise<void> {
  for (const [url, text] of await generatedDocs(root)) {
    mkdirSync(dirname(fileURLToPath(url)), { recursive: true });
    writeFileSync(url, text);
  }
}
