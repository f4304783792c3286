import { createGrid, createVolume } from '@hecktor/volume';
import { preprocess, parseStep, invertLogits, toTensor } from './src/index.ts';
const [nx, ny, nz, sz] = process.argv.slice(2).map(Number) as [number, number, number, number];
const grid = createGrid([nx, ny, nz], { spacing: [0.977, 0.977, sz] });
const ct = new Int16Array(nx * ny * nz);
const pet = new Float32Array(nx * ny * nz);
let s = 1;
for (let i = 0; i < ct.length; i++) {
  s = (Math.imul(s, 1664525) + 1013904223) | 0;
  ct[i] = -1000 + ((s >>> 8) % 2000);
  pet[i] = ((s >>> 9) % 1000) / 100;
}
const images = { ct: createVolume(grid, ct), pet: createVolume(grid, pet) };
const steps = [
  { step: 'resample', to: 'image', image: 'ct' },
  { step: 'crop-nonzero' },
  { step: 'ct-normalization', image: 'ct', lower: -900, upper: 900, mean: -100, std: 300 },
  { step: 'z-score', image: 'pet' },
  { step: 'resample-to-spacing', spacing: [1, 1, sz > 3 ? 3 : 1] },
].map(parseStep);
const cpu = () => { const u = process.cpuUsage(); return (u.user + u.system) / 1000; };
let t = cpu();
const lap = (what: string) => { const n = cpu(); console.log(what, ((n - t) / 1000).toFixed(2), 's', 'rss', (process.memoryUsage().rss / 2 ** 20).toFixed(0)); t = n; };
let last = '';
const prepared = await preprocess(images, steps, { keep: ['ct', 'pet'], onProgress: (step) => { if (last) lap(last); last = step; } });
lap('end');
console.log(prepared.grid.size);
const tensor = toTensor(prepared, { channels: ['ct', 'pet'], axes: ['z', 'y', 'x'] });
lap('tensor');
if (process.argv[6]) {
const [mx, my, mz] = prepared.grid.size;
const count = mx * my * mz;
const logits = { data: new Float32Array(3 * count), dims: [1, 3, mz, my, mx] };
logits.data.set(tensor.data);
prepared.images = {} as never;
t = cpu();
const back = invertLogits(logits, ['z', 'y', 'x'], prepared, {
  interpolation: { order: 1, orderZ: 0, separateZ: 'auto' },
  decode: ({ data, dims }) => {
    const n = dims[2]! * dims[3]! * dims[4]!;
    const out = new Uint8Array(n);
    for (let i = 0; i < n; i++) out[i] = data[n + i]! > data[i]! ? 1 : 0;
    return out;
  },
});
lap('logits');
console.log(back.labels.size, 'max rss', (process.resourceUsage().maxRSS / 1024).toFixed(0));
}
