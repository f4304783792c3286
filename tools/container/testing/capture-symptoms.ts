import { mkdirSync, writeFileSync } from 'node:fs';
import { openEngine } from '../src/engine/open-engine.ts';
import { PROVOCATIONS, provoke } from './provocations.ts';

// node tools/build/run-ts.mjs tools/container/testing/capture-symptoms.ts
// Provokes every failure in the base image and keeps what could be seen of it, for the unit tests.

const IMAGE = process.env['NODE_IMAGE'] ?? 'node:26-bookworm-slim';
const GOLDEN = 'tools/container/golden/symptoms.json';

const engine = await openEngine('docker');
const version = (await engine.require(['version', '--format', '{{.Server.Version}}'])).trim();
const node = (
  await engine.require(['run', '--rm', '--network', 'none', IMAGE, 'node', '-v'])
).trim();
const observations: object[] = [];
for (const provocation of PROVOCATIONS) {
  const seen = await provoke(engine, IMAGE, provocation);
  const { name, code } = provocation;
  observations.push({ name, code, ...seen, stderrTail: seen.stderrTail.split('\n').slice(-40) });
  console.log(`${code} (${seen.exitCode}): ${name}`);
}
mkdirSync('tools/container/golden', { recursive: true });
writeFileSync(
  GOLDEN,
  `${JSON.stringify({ versions: { docker: version, node }, observations }, null, 1)}\n`,
);
