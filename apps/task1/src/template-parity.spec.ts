import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from '@jest/globals';
import { readVolume } from '@hecktor/image-io';
import { agreement, expectGrid, labelDice, readGoldenJson, runProgram } from '@hecktor/testing';

// golden/template is made with the challenge's own Python code on the bundled case:
//   python tools/reference/template/make_tiny_checkpoint.py tiny.pth
//   python tools/reference/template/run_template.py --checkpoint tiny.pth --ct ... --pet ... --out ref
//   python tools/export/export.py --checkpoint tiny.pth --task task1 --recipe baseline --out res
const APP = fileURLToPath(new URL('..', import.meta.url));
const GOLDEN = join(APP, 'golden/template');
const output = mkdtempSync(join(tmpdir(), 'parity-'));
afterAll(() => rmSync(output, { recursive: true }));

interface Facts {
  source: Record<'ct' | 'pet', { name: string; sha256: string }>;
}

describe('the recipe baseline', () => {
  it('was compared on the case that is bundled', () => {
    const { source } = readGoldenJson<Facts>(join(GOLDEN, 'facts.json'));
    for (const kind of ['ct', 'pet'] as const) {
      const folder = join(APP, 'test/input/images', kind);
      const bytes = readFileSync(join(folder, readdirSync(folder)[0]!));
      expect(createHash('sha256').update(bytes).digest('hex')).toBe(source[kind].sha256);
    }
  });

  it("agrees with the challenge's own container on at least 99.9 % of the voxels", async () => {
    const { code, stderr } = await runProgram('task1', {
      env: {
        HECKTOR_INPUT: join(APP, 'test/input'),
        HECKTOR_OUTPUT: output,
        HECKTOR_RESOURCES: join(GOLDEN, 'resources'),
        HECKTOR_MODEL_FOLDER: join(output, 'none'),
      },
    });
    expect(stderr).toBe('');
    expect(code).toBe(0);
    const ours = await readVolume(join(output, 'images/tumor-lymph-node-segmentation/output.mha'));
    const theirs = await readVolume(join(GOLDEN, 'mask.mha'));
    expectGrid(ours, theirs);
    const [a, b] = [ours.data as Uint8Array, theirs.data as Uint8Array];
    expect(agreement(a, b)).toBeGreaterThanOrEqual(0.999);
    // Background alone must not make it agree: every label does.
    for (const label of [1, 2]) {
      expect(b.includes(label)).toBe(true);
      expect(labelDice(a, b, label)).toBeGreaterThan(0.999);
    }
  }, 900_000);
});
