import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { parseClinicalRecord } from '@hecktor/clinical';
import { loadRecipe, PREDICTION } from '@hecktor/recipe';
import { createLog, createStageTimer, type JobResult } from '@hecktor/runtime';
import { expectedPredictions, stagePrediction } from '@hecktor/testing';
import type { AnswerResult } from './case-job.ts';
import { prepareInputs } from './prepare-inputs.ts';
import type { RunContext } from './run-context.ts';
import { runPrediction, type WantedOutputs } from './run-prediction.ts';
import { createWarmNetworks } from './warm-networks.ts';
import { CLASS, COX, FUSION, ICARE, RISK, SURVIVAL_TREES } from './worker.ts';

const GOLDEN = fileURLToPath(new URL('../golden/', import.meta.url));
const [COMPLETE] = expectedPredictions();
const HEADS = [CLASS, COX, FUSION, ICARE, RISK, SURVIVAL_TREES];
const golden = (name: string) =>
  JSON.parse(readFileSync(join(GOLDEN, `prediction/${name}.json`), 'utf8')) as {
    features: object[];
    models: object[];
    head: object;
  };
/** A stage that is a whole recipe of the golden files. */
const stageOf = (name: string, more: object = {}) => {
  const { features, models, head } = golden(name);
  return { name, features, models, head, ...more };
};

const RISK_OF_ONE = { kind: 'risk', higherIs: 'earlier' };
const isDone = (plan: unknown): boolean => (plan as { state: string }).state === 'done';

/** Runs a case by the recipe `class` with other fields, in this thread. */
async function predict(fields: object, wanted: WantedOutputs, more: Partial<RunContext> = {}) {
  const { input, resources, modelFolder, recipe } = stagePrediction('class', COMPLETE!.ehr);
  cpSync(join(GOLDEN, 'models/threshold.onnx'), join(resources, 'threshold.onnx'));
  cpSync(join(GOLDEN, 'stages/segmentation.json'), join(resources, 'seg.json'));
  recipe({ features: undefined, models: undefined, head: undefined, ...fields });
  const loaded = await loadRecipe({ resources, modelFolder }, PREDICTION);
  const said: { message: string; fields: Readonly<Record<string, unknown>> }[] = [];
  const interim: JobResult[] = [];
  const context: RunContext = {
    log: createLog((_, message, fields = {}) => said.push({ message, fields })),
    ...{ timer: createStageTimer(), threads: 1, onProgress: () => undefined },
    remainingMs: () => 1e6,
    onInterim: (result) => interim.push(result),
    ...more,
  };
  const paths = {
    ct: join(input, 'images/ct/a.mha'),
    pet: join(input, 'images/pet/a.mha'),
  };
  const { record } = parseClinicalRecord(COMPLETE!.ehr, { file: 'ehr.json' });
  const again = () => runPrediction(paths, loaded, HEADS, record, context, wanted);
  const found = await again();
  const count = (message: string) => said.filter((line) => line.message === message).length;
  const prepare = () => prepareInputs(paths, loaded, context);
  return { ...found, said, interim, count, prepare, again };
}

describe('runPrediction', () => {
  it('gives a label map, a class and a risk of one run', async () => {
    const { features } = golden('class');
    const t = {
      ...stageOf('class', { name: 't' }),
      head: { kind: 'class', classes: ['T1', 'T2'], decide: 'argmax' },
    };
    const { values, labels } = await predict(
      {
        segmentation: { recipe: 'seg.json' },
        stages: [stageOf('icare'), t, { name: 'age', features: [features[0]], head: RISK_OF_ONE }],
        outputs: { mask: 'segmentation', 't-stage': 't', rfs: 'icare' },
      },
      { names: ['mask', 't-stage', 'rfs'], labelMap: { grid: 'ct' } },
    );
    expect(Object.keys(values)).toEqual(['t-stage', 'rfs']);
    expect(values['rfs']).toBeCloseTo(COMPLETE!.icare.median, 6);
    const isSecond = COMPLETE!.class['mean-logits'] > 0.5;
    expect(values['t-stage']).toBe(isSecond ? 'T2' : 'T1');
    expect(labels!.size).toEqual([30, 28, 20]);
    expect(labels!.data.some((label) => label === 1)).toBe(true);
  });

  it('runs a network once that two stages take something of, and prepares images once', async () => {
    const again = stageOf('class', { name: 'again' });
    const fused = {
      name: 'fused',
      head: { kind: 'fusion', inputs: [{ of: 'class' }, { of: 'again' }], threshold: 0.5 },
    };
    const stages = [stageOf('class'), again, fused];
    const { values, count } = await predict({ stages }, { names: ['hpv'] });
    expect(count('model loaded')).toBe(2);
    expect(count('images prepared')).toBe(1);
    expect(values).toEqual({ hpv: COMPLETE!.class['mean-logits'] >= 0.5 });
  });

  it('keeps the networks of all stages open from case to case, and no answer', async () => {
    const stages = [stageOf('class'), stageOf('icare')];
    const networks = createWarmNetworks(undefined);
    const outputs = { hpv: 'class', rfs: 'icare' };
    const names = ['hpv', 'rfs'];
    const { values, count, again } = await predict({ stages, outputs }, { names }, { networks });
    expect(count('model loaded')).toBe(5);
    expect((await again()).values).toEqual(values);
    expect(count('model loaded')).toBe(5);
    expect(count('features encoded')).toBe(4);
  });

  it('lets a stage see the images in its own way', async () => {
    const { preprocessing } = JSON.parse(
      readFileSync(join(GOLDEN, 'prediction/class.json'), 'utf8'),
    ) as { preprocessing: { step: string; image?: string }[] };
    const other = preprocessing.filter(({ step, image }) => step !== 'min-max' || image !== 'pet');
    const own = stageOf('class', { name: 'own', preprocessing: other });
    const { values, count, prepare } = await predict(
      { stages: [stageOf('class'), own], outputs: { first: 'class', second: 'own' } },
      { names: ['first', 'second'] },
    );
    expect(Object.keys(values)).toEqual(['first', 'second']);
    expect(count('images prepared')).toBe(2);
    expect(count('model loaded')).toBe(4);
    expect((await prepare()).tensors.size).toBe(2);
  });

  it('hands the vector of features to the head where there are no networks', async () => {
    const age = { encode: 'number', of: 'Age', missing: 61, mean: 60.2, scale: 9.9 };
    const { values } = await predict({ features: [age], head: RISK_OF_ONE }, { names: ['rfs'] });
    expect(values['rfs']).toBeCloseTo((71 - 60.2) / 9.9, 6);
  });

  it('gives early answers of its last stage where the time is planned', async () => {
    const stages = [stageOf('icare'), stageOf('class')];
    const { values, interim } = await predict({ stages }, { names: ['hpv'] }, { plan: 'auto' });
    expect(interim).toHaveLength(1);
    const early = interim[0]!.value as AnswerResult;
    expect(Object.keys(early.values)).toEqual(Object.keys(values));
    expect(early.plan).toMatchObject({ part: 'stage class', networks: { of: 2, done: 1 } });
  });

  it('leaves the networks of later stages their share of the time', async () => {
    const stages = [stageOf('icare'), stageOf('class')];
    const { said } = await predict(
      { stages },
      { names: ['hpv'] },
      { plan: 'auto', remainingMs: () => 500 },
    );
    const done = said
      .filter(({ message, fields }) => message === 'plan' && isDone(fields['plan']))
      .map(({ fields }) => (fields['plan'] as { networks: { done: number } }).networks.done);
    expect(done).toEqual([1, 1]);
  });
});
