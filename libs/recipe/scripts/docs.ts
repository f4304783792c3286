import { pathToFileURL } from 'node:url';
import { writeDocs } from './generated-docs.ts';

await writeDocs(pathToFileURL(`${process.cwd()}/`));
