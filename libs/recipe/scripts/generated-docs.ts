import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { TASK_SCHEMA } from '@hecktor/case-io';
import { CLINICAL_RECORD_SCHEMA } from '@hecktor/clinical';
import { format } from 'prettier';
import { describeRecipe } from '../src/describe-recipe.ts';
import { recipeJsonSchema } from '../src/recipe-kinds.ts';

/** The generated files of the documentation, by their URL. */
export async function generatedDocs(root: URL): Promise<ReadonlyMap<URL, string>> {
  const nnunet = readFileSync(new URL('libs/recipe/recipes/nnunet.json', root), 'utf8');
  return new Map([
    [
      new URL('docs/schema/pipeline.schema.json', root),
      `${JSON.stringify(recipeJsonSchema(), null, 2)}\n`,
    ],
    [
      new URL('docs/schema/clinical-record.schema.json', root),
      `${JSON.stringify(clinicalJsonSchema(), null, 2)}\n`,
    ],
    [
      new URL('docs/schema/task.schema.json', root),
      `${JSON.stringify({ $schema: 'http://json-schema.org/draft-07/schema#', ...TASK_SCHEMA }, null, 2)}\n`,
    ],
    [
      new URL('docs/recipe.md', root),
      await format(describeRecipe(nnunet), { parser: 'markdown', printWidth: 100 }),
    ],
  ]);
}

/** The clinical record for editors and tables; unknown fields are allowed, as they are only told. */
function clinicalJsonSchema(): object {
  return {
    $schema: 'https://json-schema.org/draft-07/schema',
    title: 'Clinical record of HECKTOR 2025 (ehr.json)',
    ...CLINICAL_RECORD_SCHEMA,
  };
}

/** Writes the generated files. */
export async function writeDocs(root: URL): Promise<void> {
  for (const [url, text] of await generatedDocs(root)) {
    mkdirSync(dirname(fileURLToPath(url)), { recursive: true });
    writeFileSync(url, text);
  }
}
