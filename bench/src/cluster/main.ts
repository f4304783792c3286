// npx nx run bench:cluster --predictions=<folder of predict>: see docs/slurm.md
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createRandom } from '@hecktor/testing';
import { drawElements, simulate, type Cluster } from './simulate.ts';

const SEED = 2025;
const NODES = [1, 2, 4, 8, 16, 32, 64];
const CASES = { count: 1000, megabytes: 150, stragglers: 0.02, factor: 3, deaths: 0.01 };
// Slurm's own defaults, a disk behind 10 Gbit/s and nodes behind 1 Gbit/s.
const FREE = { wait: 0, round: 3, start: 2, disk: 1000, link: 110 };
const CLUSTERS: Readonly<Record<string, Omit<Cluster, 'nodes'>>> = {
  'one case a node': { ...FREE, perNode: 1 },
  'the nodes of a busy cluster': { ...FREE, perNode: 1, wait: 600 },
  'four cases a node': { ...FREE, perNode: 4, link: 27.5 },
  'four cases a node, slow disk': { ...FREE, perNode: 4, link: 27.5, disk: 200 },
};

const { values } = parseArgs({
  options: { predictions: { type: 'string' }, scale: { type: 'string', default: '1' } },
});
if (values.predictions === undefined) throw new Error('expected --predictions=<folder of predict>');
const cases = join(values.predictions, 'cases');
const measured = readdirSync(cases).map((id) => {
  const usage = JSON.parse(readFileSync(join(cases, id, 'usage.json'), 'utf8')) as Usage;
  return usage.seconds * Number(values.scale);
});
interface Usage {
  readonly seconds: number;
}

const sorted = measured.toSorted((a, b) => a - b);
const quantile = (share: number) => sorted[Math.round(share * (sorted.length - 1))]!.toFixed(0);
const spread = [0, 0.25, 0.5, 0.75, 1].map(quantile).join(', ');
process.stdout.write(
  `${measured.length} measured cases, quartiles ${spread} s, seed ${SEED}\n\n` +
    table(['nodes', ...Object.keys(CLUSTERS)], NODES.map(row)),
);

function row(nodes: number): string[] {
  const cells = Object.values(CLUSTERS).map((cluster) => {
    const seconds = duration(nodes, cluster);
    const speedUp = duration(1, { ...cluster, wait: 0 }) / seconds;
    return `${(seconds / 3600).toFixed(2)} h, ${speedUp.toFixed(1)}x`;
  });
  return [String(nodes), ...cells];
}

function duration(nodes: number, cluster: Omit<Cluster, 'nodes'>): number {
  const elements = drawElements(createRandom(SEED), measured, CASES);
  return simulate(createRandom(SEED + 1), { ...cluster, nodes }, elements);
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |\n`;
  return [head, head.map(() => '---:'), ...rows].map(line).join('');
}
