// nx run container:docs
import { writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { generatedDocs } from './generated-docs.ts';

for (const [url, text] of await generatedDocs(pathToFileURL(`${process.cwd()}/`))) {
  writeFileSync(url, text);
}
