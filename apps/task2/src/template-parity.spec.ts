import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from '@jest/globals';
import { readGoldenJson, realDataDir, runParityCase } from '@hecktor/testing';
import type { ParityPatient } from '@hecktor/testing';

// golden/template is made with the challenge's own Python code, on Task 1's bundled case and on the
// real pair STS_002 (as .mha, which it reads):
//   python tools/reference/template/make_tiny_task2.py tiny --planes 2 4 8 16 --folds 2
//   python tools/reference/template/run_template_task2.py --resources tiny --case ... --out ...
//   python tools/export/export.py --task task2 --recipe baseline --checkpoint tiny/ensemble_model.pt \
//     --preprocessors tiny/clinical_preprocessors.pkl --out resources
const GOLDEN = fileURLToPath(new URL('../golden/template', import.meta.url));
const work = mkdtempSync(join(tmpdir(), 'parity-2-'));
afterAll(() => rmSync(work, { recursive: true }));

interface Answer {
  recordText: string;
  risk: number;
  folds: number[];
}
const answers = readGoldenJson<Record<ParityPatient, Answer>>(join(GOLDEN, 'answers.json'));

const run = (patient: ParityPatient) =>
  runParityCase({
    ...{ task: 'task2', patient, record: answers[patient].recordText },
    ...{ resources: join(GOLDEN, 'resources'), folder: join(work, patient) },
  });

/** Far above rounding, far below anything that matters: what is seen is about 1e-6. */
const expectClose = (ours: number, theirs: number): void => {
  expect(Math.abs(ours - theirs)).toBeLessThanOrEqual(1e-4 * Math.abs(theirs));
};

async function expectSameRisk(patient: ParityPatient): Promise<void> {
  const { answer, logged } = await run(patient);
  const { risk, folds } = answers[patient];
  expectClose(answer as number, risk);
  const ours = logged['folds'] as number[];
  expect(ours).toHaveLength(folds.length);
  folds.forEach((theirs, i) => expectClose(ours[i]!, theirs));
}

describe('the recipe baseline', () => {
  it("gives the risk of the challenge's own code on a phantom", async () => {
    await expectSameRisk('bundled');
  }, 120_000);

  (realDataDir() === undefined ? it.skip : it)(
    "gives the risk of the challenge's own code on a real pair",
    async () => {
      await expectSameRisk('real');
    },
    120_000,
  );
});
