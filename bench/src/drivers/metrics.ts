// node dist/bench/bin/metrics.mjs --labels <file>
// All scores of a label map of task 1 against one that is off by some voxels and finds too much, in
// one thread; tells stage times at the end.
import { parseArgs } from 'node:util';
import { readVolume, toNumeric } from '@hecktor/image-io';
import { scoreLabels } from '@hecktor/metrics';
import { createStageTimer } from '@hecktor/runtime';
import { tell } from './tell.ts';

const { values } = parseArgs({ options: { labels: { type: 'string', default: '' } } });
tell('imported', { versions: { node: process.version } });
const timer = createStageTimer();
const marked = await timer.time('read', async () => toNumeric(await readVolume(values.labels)));
const truth = { ...marked, data: Uint8Array.from(marked.data) };
const [nx, ny] = truth.size;
// Two voxels to the side and one down, and a copy of all 60 voxels off, of which all is false.
const prediction = { ...truth, data: new Uint8Array(truth.data.length) };
prediction.data.set(truth.data.subarray(0, -(nx * ny + 2)), nx * ny + 2);
truth.data.forEach((label, i) => {
  if (label !== 0) prediction.data[i + 60] = label;
});
const scores = await timer.time('scores', () => scoreLabels(truth, prediction, [1, 2]));
tell('done', { seconds: timer.seconds(), scores });
