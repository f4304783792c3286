// node dist/tools/demo/main.mjs --input <case folder> --mask <file> [--expected <file>] --out <png>
// Prints a score per label and writes a picture of the case with its contours.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { HecktorError } from '@hecktor/errors';
import { readCase } from './read-case.ts';
import { renderOverlay } from './render-overlay.ts';
import { scoreLines } from './score-lines.ts';
import { toPng } from './to-png.ts';

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
  const loaded = await readCase({ input, mask, ...(expected === undefined ? {} : { expected }) });
  const lines = loaded.expected === undefined ? [] : scoreLines(loaded.mask, loaded.expected);
  for (const line of lines) process.stdout.write(`${line}\n`);
  const title = ['Task 1 - for demonstration only, not for patients', ...lines];
  const picture = toPng(renderOverlay({ ...loaded, title }));
  mkdirSync(dirname(out), { recursive: true });
  writeFileSync(out, picture);
  process.stdout.write(`picture: ${out}\n`);
}

main().catch((error: unknown) => {
  const message = error instanceof HecktorError || error instanceof Error ? error.message : error;
  process.stderr.write(`${String(message)}\n`);
  process.exitCode = 1;
});
