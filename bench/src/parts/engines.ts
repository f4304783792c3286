import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { bfloat16Unit } from '@hecktor/openvino';
import { measureProcess, type Measurement } from '../measure/measure-process.ts';
import { peakMebibytes, pinned, stageSeconds } from '../measure/run-pairs.ts';
import type { Python } from '../python.ts';
import { compare, type Row, type Section } from '../report/report.ts';
import { driver, type PartContext } from './part-context.ts';

const NETWORKS = ['segresnet', 'unet', 'resenc-m', 'resnet18'];
const WAYS = [
  ['ONNX Runtime, plain', 'plain', 'onnxruntime', 'float32'],
  ['ONNX Runtime, fast', 'fast', 'onnxruntime', 'float32'],
  ['OpenVINO, float32', 'plain', 'openvino', 'float32'],
  ['OpenVINO, bfloat16', 'plain', 'openvino', 'bfloat16'],
] as const;
/** Windows after the first one in a process, of which the fastest counts. */
const WINDOWS = 2;

/** One window through each engine, graph and precision, each in a process of its own, in turn. */
export async function measureEngines(
  { work, pairs: { runs, threads, onRun } }: PartContext,
  python: Python,
): Promise<Section> {
  const rows: Row[] = [];
  for (const network of NETWORKS) {
    const folder = join(work, 'engines', network);
    if (!existsSync(join(folder, 'plain.onnx'))) makeGraphs(network, folder, python);
    const found = WAYS.map((): Measurement[] => []);
    for (let run = 1; run <= runs; run++) {
      for (const [i, [name, graph, engine, precision]] of WAYS.entries()) {
        const rest = [engine, precision, String(threads), String(WINDOWS)];
        const program = driver('window', [join(folder, `${graph}.onnx`), ...rest]);
        found[i]!.push(await measureProcess(pinned(program, threads)));
        onRun?.(`${run}/${runs} ${network}, ${name}`);
      }
    }
    for (const [i, [name]] of WAYS.entries()) {
      const row = (what: string, unit: Row['unit'], get: (run: Measurement) => number): Row => {
        const result = compare(found[i]!.map(get));
        return { name: `${network}, ${name}: ${what}`, unit, result };
      };
      rows.push(
        row('CPU time', 's', (run) => stageSeconds(run, 'cpu')),
        row('wall time', 's', (run) => stageSeconds(run, 'wall')),
        row('to the first answer', 's', (run) => stageSeconds(run, 'first')),
        row('peak memory', 'MiB', peakMebibytes),
      );
    }
  }
  const notes = [`bfloat16 is computed by ${bfloat16Unit() ?? 'nothing in this CPU'}`];
  return { title: 'Engines: one window of 128³ (resnet18: one image of 96³)', rows, notes };
}

function makeGraphs(network: string, folder: string, python: Python): void {
  if ('missing' in python) throw new Error(python.missing);
  const args = ['bench/python/engine_graphs.py', network, folder];
  const { status, stderr } = spawnSync(python.interpreter, args, { encoding: 'utf8' });
  if (status !== 0)
    throw new Error(`${args.join(' ')} ended with ${status}:\n${stderr.slice(-2000)}`);
}
