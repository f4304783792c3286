// node dist/bench/bin/make-case.mjs case|long-ct <folder>
// A process of its own: what it takes to make a case must not count for what is measured later.
import { makeCase, makeLongCt } from '../case/make-case.ts';

const [what, folder] = process.argv.slice(2);
if (folder === undefined) throw new Error('usage: make-case.mjs case|long-ct <folder>');
const made = what === 'long-ct' ? await makeLongCt(folder) : await makeCase(folder);
process.stdout.write(`${JSON.stringify({ mark: 'done', made })}\n`);
