// node dist/tools/demo/main.mjs --input <case folder> --mask <file> [--expected <file>] --out <png>
// Prints a score per label and writes a picture of the case with its contours.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { readTask } from '@hecktor/case-io';
import { toPng } from './canvas.ts';
import { readCase, scoreLines } from './read-case.ts';
import { renderOverlay } from './render-overlay.ts';

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      input: { type: 'string' },
      mask: { type: 'string' },
      expected: { type: 'string' },
      out: { type: 'string' },
    },
  });
  const { input, mask, expected, out } = values;
  if (input === undefined || mask === undefined || out === undefined) {
    throw new Error('usage: --input <case folder> --mask <file> [--expected <file>] --out <png>');
  }
  const task = readTask('apps/task1/task.json');
  const loaded = await readCase(task, { input, mask, expected });
  for (const line of loaded.warnings) process.stderr.write(`warning: ${line}\n`);
  const lines = scoreLines(task, loaded);
  for (const line of lines) process.stdout.write(`${line}\n`);
  const title = ['Task 1 - for demonstration only, not for patients', ...lines];
  const picture = toPng(renderOverlay({ ...loaded, title }));
  mkdirSync(dirname(out), { recursive: true });
  writeFileSync(out, picture);
  process.stdout.write(`picture: ${out}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
