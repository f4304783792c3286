import { zoomAxis } from './src/zoom/zoom-axis.ts';
import type { Range } from './src/zoom/zoom-lines.ts';
import { zoomRows, zoomAcross } from './src/zoom/zoom-box.ts';
const cpu = () => { const u = process.cpuUsage(); return (u.user + u.system) / 1000; };
const U: Range = [-Infinity, Infinity];
function bench(name: string, from: number, to: number, area: number, reps: number, f: any) {
  const axis = zoomAxis(from, to, 3)!;
  const data = new Float32Array(from * area).fill(2), out = new Float32Array(to * area);
  f(data, area, axis, U, out);
  const t = cpu();
  for (let i = 0; i < reps; i++) f(data, area, axis, U, out);
  console.log(name, from, to, area, (((cpu() - t) * 1e6) / (reps * to * area)).toFixed(2), 'ns/out');
}

for (let r = 0; r < 3; r++) {
  bench('y', 512, 500, 500, 60, zoomAcross);
  bench('z', 60, 120, 250000, 1, zoomAcross);
  bench('x', 512, 500, 512, 60, (d: any, _: any, a: any, u: any, o: any) => zoomRows(d, a, u, o));
}
