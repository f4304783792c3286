// node dist/bench/bin/tabular.mjs <forest.trees|forest.onnx> <vectors.json> <dump.json>
// A forest's answers for one patient after the other, in one thread.
import { readFileSync, writeFileSync } from 'node:fs';
import { openModel } from '@hecktor/onnx';
import { parseTreeEnsemble, predictTrees } from '@hecktor/survival';
import { spread } from '../report/report.ts';
import { tell } from './tell.ts';

const [file, vectors, dump] = process.argv.slice(2);
if (dump === undefined) throw new Error('usage: tabular.mjs <forest> <vectors> <dump>');
const rows = JSON.parse(readFileSync(vectors!, 'utf8')) as readonly (readonly number[])[];
// CPU time, which other work on the machine hardly changes.
const cpuSeconds = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};
const began = cpuSeconds();
const answer = await openForest(file!);
const reading = cpuSeconds() - began;
const [found, seconds]: [number[], number[]] = [[], []];
for (const row of rows) {
  const start = cpuSeconds();
  found.push(await answer(row));
  seconds.push(cpuSeconds() - start);
}
writeFileSync(dump, JSON.stringify(found));
const [first, ...later] = seconds;
tell('done', { seconds: { reading, first, later: spread(later).median } });

/** What says of a vector what the forest answers: a risk, or the probability of the last class. */
async function openForest(file: string) {
  if (file.endsWith('.trees')) {
    const trees = parseTreeEnsemble(readFileSync(file), { file });
    return (row: readonly number[]) => predictTrees(trees, row);
  }
  const model = await openModel(file, { threads: 1, expectOutput: { name: 'probabilities' } });
  return async (row: readonly number[]) => {
    const { data } = await model.run({ data: Float32Array.from(row), dims: [1, row.length] });
    return data.at(-1)!;
  };
}
