import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from '@jest/globals';
import { readGoldenJson, realDataDir, runParityCase } from '@hecktor/testing';
import type { ParityPatient } from '@hecktor/testing';

// golden/template is made with the challenge's own Python code, on Task 1's bundled case and on the
// real pair STS_002 (as .mha, which it reads):
//   python tools/reference/template/make_tiny_task3.py tiny --planes 2 4 8 16
//   python tools/reference/template/run_template_task3.py --resources tiny --case ... --out ...
//   python tools/export/export.py --task task3 --recipe baseline --checkpoint tiny/best_model.pt \
//     --scaler tiny/scaler.joblib --encoder tiny/ohe.joblib --out resources
const GOLDEN = fileURLToPath(new URL('../golden/template', import.meta.url));
const work = mkdtempSync(join(tmpdir(), 'parity-3-'));
afterAll(() => rmSync(work, { recursive: true }));

interface Answer {
  recordText: string;
  class: boolean;
  logits: [number, number];
}
const answers = readGoldenJson<Record<ParityPatient, Answer>>(join(GOLDEN, 'answers.json'));

const run = (patient: ParityPatient) =>
  runParityCase({
    ...{ task: 'task3', patient, record: answers[patient].recordText },
    ...{ resources: join(GOLDEN, 'resources'), folder: join(work, patient) },
  });

async function expectSameClass(patient: ParityPatient): Promise<void> {
  const { answer, logged } = await run(patient);
  const { class: theirs, logits } = answers[patient];
  expect(answer).toBe(theirs);
  const [ours] = logged['logits'] as [number, number][];
  logits.forEach((logit, i) => expect(Math.abs(ours![i]! - logit)).toBeLessThanOrEqual(1e-3));
}

describe('the recipe baseline', () => {
  it("gives the logits and the class of the challenge's own code on a phantom", async () => {
    await expectSameClass('bundled');
  }, 120_000);

  (realDataDir() === undefined ? it.skip : it)(
    "gives the logits and the class of the challenge's own code on a real pair",
    async () => {
      await expectSameClass('real');
    },
    120_000,
  );
});
