// Adds up the test counts of all projects. Usage: node sum-counts.mjs [failed step]...
// Prints one line per project that failed or skipped tests and per failed step, and as the last line `N passed, N failed`, followed by
// `, N skipped` if any were. Exits with 1 if anything failed, or was skipped under CI=true where the
// real images are there.
import { existsSync, readdirSync, readFileSync } from 'node:fs';

const results = new URL('../../dist/test-results/', import.meta.url);
const files = existsSync(results)
  ? readdirSync(results, { recursive: true }).filter((name) => name.endsWith('.json'))
  : [];
const counts = files.map((file) => JSON.parse(readFileSync(new URL(file, results), 'utf8')));
const failedSteps = process.argv.slice(2);
const total = (key) => counts.reduce((sum, project) => sum + project[key], 0);

for (const { project, failed, skipped } of counts) {
  if (failed > 0) console.log(`failed: ${project} (${failed})`);
  if (skipped > 0) console.log(`skipped: ${project} (${skipped})`);
}
for (const step of failedSteps) console.log(`failed: ${step}`);

// A failed step whose tests all passed (lint, say) still is one failure.
const failed = Math.max(total('failed'), failedSteps.length);
const skipped = total('skipped');
const { CI, REAL_DATA_DIR } = process.env;
const mayNotSkip = CI === 'true' && REAL_DATA_DIR !== 'none';
if (mayNotSkip && skipped > 0) console.log('failed: under CI=true no test may be skipped');
console.log(
  `${total('passed')} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`,
);
process.exitCode = failed > 0 || (mayNotSkip && skipped > 0) || total('passed') === 0 ? 1 : 0;
