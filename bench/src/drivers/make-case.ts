// node dist/bench/bin/make-case.mjs case|long-ct|spacing|labels <folder> [<in-plane mm> <slice mm>]
// A process of its own: what it takes to make a case must not count for what is measured later.
import { makeCase, makeLabels, makeLongCt, makeSpacingCase } from '../case/make-case.ts';

const [what, folder, inPlane, slice] = process.argv.slice(2);
if (folder === undefined)
  throw new Error('usage: make-case.mjs case|long-ct|spacing|labels <folder>');
const made =
  what === 'long-ct'
    ? await makeLongCt(folder)
    : what === 'spacing'
      ? await makeSpacingCase(folder, Number(inPlane), Number(slice))
      : what === 'labels'
        ? await makeLabels(folder)
        : await makeCase(folder);
process.stdout.write(`${JSON.stringify({ mark: 'done', made })}\n`);
