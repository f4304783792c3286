// Shows cases, predictions and truth in the browser of this machine.
//   node tools/build/run-ts.mjs tools/viewer/src/main.ts --data <folder> --pred <folder>
import { toHecktorError } from '@hecktor/runtime';
import { endWithNpm } from './end-with-npm.ts';
import { readOptions } from './options.ts';
import { serveViewer } from './server.ts';
import { readStudy } from './study.ts';

const count = ({ length }: readonly unknown[], noun: string): string =>
  `${length} ${noun}${length === 1 ? '' : 's'}`;

try {
  const options = readOptions(process.argv.slice(2));
  const study = readStudy(options);
  const { url } = await serveViewer(study, 'dist/tools/viewer', options.port);
  const { cases, runs } = study.info;
  process.stdout.write(`${count(cases, 'case')}, ${count(runs, 'run')}\n${url}\nCtrl-C ends it\n`);
  endWithNpm();
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => process.exit());
} catch (thrown) {
  const error = toHecktorError(thrown);
  process.stderr.write(`${error.message}\n`);
  process.exitCode = error.exitCode;
}
