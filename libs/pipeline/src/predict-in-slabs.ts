import { combineMembers, createRowSums, layOutRows, withFlips } from '@hecktor/inference';
import type { RowSums, WindowRow } from '@hecktor/inference';
import { createPredictor, type OnnxModel } from '@hecktor/onnx';
import type { InvertedLogits } from '@hecktor/preprocessing';
import { SEGMENTATION, type Label, type LoadedRecipe } from '@hecktor/recipe';
import { freeMemory } from '@hecktor/runtime';
import { toVec3, type Tensor } from '@hecktor/volume';
import { createSlabDecoder } from './decode-logits.ts';
import { openNetwork } from './open-network.ts';
import { PlanMade } from './plan-made.ts';
import { warnOfClasses, windowOptions } from './predict-logits.ts';
import type { PreparedSlabs } from './prepare-case.ts';
import type { RunContext } from './run-context.ts';

/** Most logits that are decoded at once: 16 MiB. */
const MOST_VALUES = 2 ** 22;
/** Passes after which a run ends of which only the plan is wanted. */
const MEASURED = 3;
/** Share of the time that is left which the networks may take: the labels have still to go back. */
const TIME_SHARE = 0.9;

/**
 * Runs the networks of a recipe over a tensor row of windows by row of windows, along its first axis.
 * Planes that no further window touches become labels at once, so that neither tensor nor logits are
 * ever there as a whole. With the time short, the rows that are left are run by fewer networks.
 *
 * @param joint - Whether the networks add into one array of logits: their mean, but for the order of
 * float32 sums. Otherwise labels are, bit by bit, those of the whole way.
 * @throws HecktorError as opening and running a model do, and as reading the tensor does.
 */
export async function predictInSlabs(
  prepared: PreparedSlabs,
  loaded: LoadedRecipe<'segmentation'>,
  context: RunContext,
  { joint, labels }: { readonly joint: boolean; readonly labels?: readonly Label[] | undefined },
): Promise<InvertedLogits & { readonly windows: number }> {
  const { recipe, models } = loaded;
  const { combine = 'mean-logits', arithmetic = 'float32' } = recipe.inference;
  const { options, flips } = windowOptions(recipe);
  const { tensor } = prepared;
  const [, channels = 0, ...spatial] = tensor.dims;
  const [, sb, sc] = toVec3(spatial);
  const layout = layOutRows(toVec3(spatial), options);
  const { rows, planes } = layout;
  const input: Tensor = {
    data: new Float32Array(channels * planes * sb * sc),
    dims: [1, channels, planes, sb, sc],
  };
  const count = { windows: 0, done: 0 };
  const onProgress = (fraction: number): void =>
    context.onProgress('inference', (count.done + fraction) / (rows.length * models.length));
  const weights = recipe.models.map(({ weight }) => weight ?? 1);
  const sums = (joint ? [0] : models).map(() => createRowSums(layout, { ...options, onProgress }));
  const decoder = createSlabDecoder(recipe, prepared);
  const networks = networksOf(loaded, context);
  const watch = createWatch(rows.length, models.length, context);
  let running = models.length;

  const run = async (number: number, row: WindowRow, into: RowSums, share: number) => {
    const model = await networks.open(number);
    const network = createPredictor(model);
    const counted: typeof network = async (windows) => {
      const logits = await network(windows);
      if (count.windows === 0) warnOfClasses(logits.dims[1]!, recipe, labels, context);
      count.windows += windows.dims[0]!;
      if (context.planOnly === true && count.windows >= MEASURED) throw new PlanMade();
      return logits;
    };
    try {
      await context.timer.time('inference', () =>
        into.add(row, input, withFlips(counted, flips), share),
      );
    } finally {
      await networks.close(model);
    }
    count.done++;
  };

  for (const [i, row] of rows.entries()) {
    await context.timer.time('preprocessing', () => readRow(tensor, input, rows[i - 1], row));
    running = watch.affordable(i, 0, running);
    for (let number = 0; number < running; number++) {
      const share = joint ? weights[number]! / total(weights, running) : 1;
      await watch.time(() => run(number, row, sums[joint ? 0 : number]!, share));
      // Joint sums of later rows hold what rows before them left in common planes, so that none is cut short.
      const fewer = joint && i > 0 ? running : watch.affordable(i, number + 1, running);
      if (fewer < running && joint) sums[0]!.scale(total(weights, running) / total(weights, fewer));
      running = fewer;
    }
    await context.timer.time('decoding', async () => {
      const used = sums.slice(0, joint ? 1 : running);
      const most = Math.max(1, Math.floor(MOST_VALUES / (used[0]!.classes() * sb * sc)));
      for (let from = row.first; from < row.finished; from += most) {
        const to = Math.min(from + most, row.finished);
        const first = Math.max(from - decoder.overlap, 0);
        const members = used.map((sum) => async () => sum.read(row, first, to));
        const mean = { combine, arithmetic, ...(!joint && { weights: weights.slice(0, running) }) };
        decoder.add(await combineMembers(members, mean), first);
      }
      used.forEach((sum) => sum.advance(row));
    });
    count.done = (i + 1) * models.length;
    freeMemory();
  }
  await networks.end();
  return { ...decoder.finish(), windows: count.windows };
}

function total(weights: readonly number[], count: number): number {
  return weights.slice(0, count).reduce((sum, weight) => sum + weight, 0);
}

/** Reads the planes of a row; those that the row before had too are moved. */
async function readRow(
  { read }: PreparedSlabs['tensor'],
  { data, dims }: Tensor,
  before: WindowRow | undefined,
  { first, end }: WindowRow,
): Promise<void> {
  const [, channels = 0, planes = 0, sb = 0, sc = 0] = dims;
  const [length, moved] = [planes * sb * sc, first - (before?.first ?? first)];
  for (let channel = 0; channel < channels; channel++) {
    const start = channel * length;
    data.copyWithin(start, start + moved * sb * sc, start + length);
  }
  const from = before?.end ?? first;
  await read([from, end], { data, first: from - first, planes });
}

/** Opens networks in turn: one alone stays open, of several each is released before the next. */
function networksOf(loaded: LoadedRecipe<'segmentation'>, context: RunContext) {
  const { models } = loaded;
  const opened = new Set<number>();
  let kept: OnnxModel | undefined;
  return {
    async open(number: number): Promise<OnnxModel> {
      if (kept !== undefined) return kept;
      const { inputs, outputs } = SEGMENTATION.expectedModel(loaded, number);
      const place = { number: number + 1, of: models.length };
      const isKnown = opened.has(number);
      const model = await openNetwork(models[number]!, isKnown ? undefined : place, context, {
        ...{ expectInput: inputs, expectOutput: outputs, inference: loaded.recipe.inference },
      });
      opened.add(number);
      if (models.length === 1) kept = model;
      return model;
    },
    close: async (model: OnnxModel): Promise<void> => {
      if (model !== kept) await model.release();
    },
    end: async (): Promise<void> => kept?.release(),
  };
}

/** Measures how long a network takes for a row, and says how many of them can be afforded. */
function createWatch(rows: number, models: number, { remainingMs, log, plan }: RunContext) {
  let slowest = 0;
  return {
    async time(run: () => Promise<void>): Promise<void> {
      const start = performance.now();
      await run();
      slowest = Math.max(slowest, performance.now() - start);
    },
    /** Networks for each row that is left, of which `done` have run over the present one. */
    affordable(row: number, done: number, running: number): number {
      if (slowest === 0 || plan !== 'auto') return running;
      const left = TIME_SHARE * remainingMs() + done * slowest;
      const most = Math.floor(left / ((rows - row) * slowest));
      const affordable = Math.max(1, done, Math.min(running, most));
      if (affordable < running) {
        log.warn('the time left is short: further rows are run by fewer networks', {
          row,
          rows,
          networks: affordable,
          of: models,
        });
      }
      return affordable;
    },
  };
}
