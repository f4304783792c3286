// node dist/bench/bin/window.mjs <model.onnx> <engine> <float32|bfloat16> <threads> <runs>
// Opens a network and runs noise through it, once to warm up and then some times.
import { openModel } from '@hecktor/onnx';
import { openVino, type Precision } from '@hecktor/openvino';
import { createRandom } from '@hecktor/testing';
import { tell } from './tell.ts';

const [file, engine, precision, threads, runs] = process.argv.slice(2);
if (runs === undefined)
  throw new Error('usage: window.mjs <model> <engine> <precision> <n> <runs>');
const start = performance.now();
const model = await openModel(file!, {
  threads: Number(threads),
  ...(engine === 'openvino' && { engine: openVino(precision as Precision) }),
});
const [input] = model.inputs;
const dims = input!.dims.map((n) => (typeof n === 'number' ? n : 1));
const random = createRandom(2025);
const data = Float32Array.from({ length: dims.reduce((a, b) => a * b) }, () => random.normal());
await model.run({ data, dims });
const first = (performance.now() - start) / 1000;
let [wall, cpu] = [Infinity, Infinity];
for (let run = 0; run < Number(runs); run++) {
  const [from, used] = [performance.now(), process.cpuUsage()];
  await model.run({ data, dims });
  const { user, system } = process.cpuUsage(used);
  wall = Math.min(wall, (performance.now() - from) / 1000);
  cpu = Math.min(cpu, (user + system) / 1e6);
}
tell('done', { seconds: { first, wall, cpu } });
await model.release();
