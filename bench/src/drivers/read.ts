// node dist/bench/bin/read.mjs <file>
// Reads one image and reports the time that took.
import { readVolume, toNumeric } from '@hecktor/image-io';
import { createStageTimer } from '@hecktor/runtime';
import { tell } from './tell.ts';

const [file] = process.argv.slice(2);
if (file === undefined) throw new Error('usage: read.mjs <file>');
tell('imported', { versions: { node: process.version } });
const timer = createStageTimer();
const { size } = await timer.time('read', async () => toNumeric(await readVolume(file)));
tell('done', { seconds: timer.seconds(), dims: size });
