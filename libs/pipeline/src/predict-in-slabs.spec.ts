import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openModel } from '@hecktor/onnx';
import { applyRules } from '@hecktor/postprocessing';
import { invertLabels } from '@hecktor/preprocessing';
import { loadRecipe, SEGMENTATION, type LoadedRecipe } from '@hecktor/recipe';
import { createLog, createStageTimer } from '@hecktor/runtime';
import { agreement, readGoldenJson } from '@hecktor/testing';
import { createSegmenter, type Segmented } from '../fixtures/segment.ts';
import { predictInSlabs } from './predict-in-slabs.ts';
import { prepareSlabs } from './prepare-case.ts';
import { readCase, type CasePaths } from './read-case.ts';
import type { RunContext } from './run-context.ts';
import type { WarmNetworks } from './warm-networks.ts';

// Folders trained with nnU-Net's own package; see nnunet-agreement.spec.ts.
const GOLDEN = fileURLToPath(new URL('../golden/nnunet-folders/', import.meta.url));
const { cases } = readGoldenJson<{
  readonly cases: readonly {
    readonly name: string;
    readonly folder: string;
    readonly ending: string;
  }[];
}>(join(GOLDEN, 'facts.json'));

let segmenter: Awaited<ReturnType<typeof createSegmenter>>;
beforeAll(async () => {
  segmenter = await createSegmenter();
});
afterAll(() => rmSync(segmenter.base, { recursive: true }));

/** A folder with other settings of inference. */
function changed(name: string, inference: object, key: string): string {
  const copy = join(segmenter.base, `${name}-${key}`);
  cpSync(join(GOLDEN, 'folders', name), copy, { recursive: true });
  const file = join(copy, 'pipeline.json');
  const recipe = JSON.parse(readFileSync(file, 'utf8')) as { inference: object };
  writeFileSync(
    file,
    JSON.stringify({ ...recipe, inference: { ...recipe.inference, ...inference } }),
  );
  return copy;
}

function caseOf(name: string) {
  const { folder, ending } = cases.find((one) => one.name === name)!;
  const image = (kind: string) => join(GOLDEN, 'cases', name, `${kind}${ending}`);
  return { folder, paths: { ct: image('ct'), pet: image('pet') } };
}

interface SlabOptions {
  readonly joint?: boolean;
  readonly remainingMs?: () => number;
  /** Is told each network that is opened. */
  readonly onOpen?: () => void;
  readonly networks?: WarmNetworks;
}

/** Labels of a case in slabs, as runSegmentation makes them. */
async function inSlabs(paths: CasePaths, resources: string, options: SlabOptions = {}) {
  const { joint = false, remainingMs = () => Infinity } = options;
  const loaded: LoadedRecipe<'segmentation'> = await loadRecipe(
    { resources, modelFolder: join(segmenter.base, 'none') },
    SEGMENTATION,
  );
  const said: string[] = [];
  const timer = createStageTimer();
  const context: RunContext = {
    log: createLog((level, message, fields) =>
      said.push(`${level} ${message} ${JSON.stringify(fields?.['networks'] ?? '')}`),
    ),
    timer: {
      ...timer,
      time: (stage, run) => {
        if (stage === 'loading models') options.onOpen?.();
        return timer.time(stage, run);
      },
    },
    threads: 2,
    plan: 'auto',
    onProgress: () => undefined,
    remainingMs,
    ...(options.networks !== undefined && { networks: options.networks }),
  };
  const prepared = await prepareSlabs(await readCase(paths, context), loaded.recipe, context);
  const { labels, records, windows } = await predictInSlabs(prepared, loaded, context, { joint });
  const kept = applyRules(labels, loaded.recipe.postprocessing);
  const { invert } = loaded.recipe;
  return { labels: await invertLabels(kept, records, prepared.target, invert), windows, said };
}

describe('predictInSlabs', () => {
  let foldsWhole: Segmented;
  beforeAll(async () => {
    const { folder, paths } = caseOf('folds');
    foldsWhole = await segmenter.run(paths, changed(folder, {}, 'whole'));
  });

  it.each([
    ['thick-slices', 'float32'],
    ['transposed', 'float32'],
    ['small', 'float32'],
    ['one-slice', 'float32'],
    ['regions', 'float16'],
    ['folds', 'float32'],
  ])('gives the labels of the whole way: %s in %s', async (name, arithmetic) => {
    const { folder, paths } = caseOf(name);
    const resources = changed(folder, { arithmetic }, `${name}-${arithmetic}`);
    const whole = await segmenter.run(paths, resources);
    const slabs = await inSlabs(paths, resources);
    expect(slabs.labels.data).toEqual(whole.labels.data);
    expect(slabs.windows).toBe(whole.windows);
  });

  it('gives them for means of probabilities', async () => {
    const { folder, paths } = caseOf('folds');
    const resources = changed(folder, { combine: 'mean-probabilities' }, 'probabilities');
    const whole = await segmenter.run(paths, resources);
    expect((await inSlabs(paths, resources)).labels.data).toEqual(whole.labels.data);
  });

  it("opens networks with the recipe's engine, each time", async () => {
    const { folder, paths } = caseOf('folds');
    const resources = changed(folder, { engine: 'openvino' }, 'engine');
    const uses: string[] = [];
    const borrow: WarmNetworks['borrow'] = (key) => {
      uses.push(key);
      const [path, threads, expected] = JSON.parse(key) as [string, number, object];
      return openModel(path, { threads, ...expected });
    };
    await inSlabs(paths, resources, { networks: { borrow } });
    expect(uses.length).toBeGreaterThan(new Set(uses).size);
    expect(uses.filter((use) => !use.includes('"engine":"openvino"'))).toEqual([]);
  });

  it('gives them but for near ties where networks share one sum', async () => {
    const { folder, paths } = caseOf('folds');
    const resources = changed(folder, {}, 'joint');
    const joint = await inSlabs(paths, resources, { joint: true });
    expect(agreement(joint.labels.data, foldsWhole.labels.data)).toBeGreaterThan(0.9999);
    expect(joint.windows).toBe(foldsWhole.windows);
  });

  it.each([true, false])(
    'runs fewer networks when the time is short, one at least (joint: %s)',
    async (joint) => {
      const { folder, paths } = caseOf('folds');
      const resources = changed(folder, {}, `short-${joint}`);
      let opened = 0;
      const slabs = await inSlabs(paths, resources, {
        joint,
        remainingMs: () => (opened > 2 ? 0 : Infinity),
        onOpen: () => opened++,
      });
      expect(slabs.windows).toBeLessThan(foldsWhole.windows);
      expect(slabs.said).toContain(
        'warn the time left is short: further rows are run by fewer networks 3',
      );
      expect(slabs.said).toContain(
        'warn the time left is short: further rows are run by fewer networks 1',
      );
      expect(agreement(slabs.labels.data, foldsWhole.labels.data)).toBeGreaterThan(0.99);
    },
  );

  it('weighs all windows alike when joint networks get fewer', async () => {
    const { folder, paths } = caseOf('folds');
    const resources = changed(folder, { overlap: 0.75 }, 'alike');
    const models = readdirSync(resources).filter((name) => name.endsWith('.onnx'));
    for (const other of models.slice(1)) {
      cpSync(join(resources, models[0]!), join(resources, other));
    }
    const all = await inSlabs(paths, resources, { joint: true });
    let opened = 0;
    const fewer = await inSlabs(paths, resources, {
      joint: true,
      // Short from the second row's first network on.
      remainingMs: () => (opened > models.length ? 0 : Infinity),
      onOpen: () => opened++,
    });
    expect(fewer.windows).toBeLessThan(all.windows);
    expect(agreement(fewer.labels.data, all.labels.data)).toBeGreaterThan(0.99999);
  });
});
