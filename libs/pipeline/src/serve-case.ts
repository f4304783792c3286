import { HecktorError } from '@hecktor/errors';
import { runKernel, type KernelJob } from '@hecktor/preprocessing';
import type { LoadedRecipe, RecipeKind } from '@hecktor/recipe';
import type { Tensor } from '@hecktor/volume';
import {
  createKernelPool,
  createStageTimer,
  freeMemory,
  memoryLimit,
  serveJob,
  type JobResult,
  type Log,
} from '@hecktor/runtime';
import type { CaseJob, PlanResult, TensorResult } from './case-job.ts';
import { chooseEngine, thisMachine } from './choose-engine.ts';
import { PlanMade } from './plan-made.ts';
import type { RunContext } from './run-context.ts';
import { createWarmNetworks } from './warm-networks.ts';

/** Runs the cases of a compute worker, each with a pool of kernel threads beside it. */
export function serveCase(
  compute: (job: CaseJob, context: RunContext) => Promise<JobResult>,
): void {
  const networks = createWarmNetworks(memoryLimit());
  serveJob<CaseJob>(async (job, { log, onProgress, onInterim }) => {
    const pool = createKernelPool<KernelJob>({
      worker: new URL(job.kernelWorker),
      threads: job.threads,
      runKernel,
    });
    const timer = createStageTimer();
    try {
      return await compute(job, {
        log,
        onProgress,
        timer,
        threads: job.threads,
        remainingMs: () => job.deadlineAt - Date.now(),
        ...{ plan: job.plan ?? 'all', planOnly: job.planOnly ?? false, onInterim },
        releaseImages: async () => {
          await pool.close();
          freeMemory();
        },
        ...(job.threads > 1 && { run: pool.run }),
        ...(job.keepNetworks === true && { networks }),
      });
    } catch (error) {
      if (error instanceof PlanMade) return planResult(timer);
      throw nameImageFile(error, job.images ?? {});
    } finally {
      await pool.close();
    }
  });
}

/** The result of a run that ends before any network. */
export function tensorResult(tensor: Tensor, { timer }: Pick<RunContext, 'timer'>): JobResult {
  const value: TensorResult = { tensor, seconds: timer.seconds() };
  const { buffer } = tensor.data;
  return { value, transfer: buffer instanceof ArrayBuffer ? [buffer] : [] };
}

/** The result of a run that was asked for its plan alone. */
function planResult(timer: RunContext['timer']): JobResult {
  const value: PlanResult = { planned: true, seconds: timer.seconds() };
  return { value };
}

/** Says which recipe runs, so that a log tells what made an output. */
export function logRecipe(loaded: LoadedRecipe<RecipeKind>, log: Log): void {
  const { file, recipe, sha256, models, stages = [], segmentation, warnings } = loaded;
  log.info('recipe loaded', {
    ...{ name: recipe.name, for: recipe.kind, file, sha256, models: models.length },
  });
  for (const warning of warnings) log.warn('recipe', { file, warning });
  const machine = thisMachine();
  const { warning, ...choice } = chooseEngine(recipe.inference ?? {}, machine);
  log.info('engine', { ...choice, cpu: machine.bfloat16 ?? 'no bfloat16' });
  if (warning !== undefined) log.warn('engine', { file, warning });
  for (const { survival, cox = [], trees = [] } of stages) {
    if (survival !== undefined) {
      const { file, sha256, model } = survival;
      log.info('survival model loaded', { file, sha256, folds: model.folds.length });
    }
    for (const { file, sha256, model } of [...cox, ...trees]) {
      log.info('survival model loaded', { file, sha256, kind: model.kind });
    }
  }
  if (segmentation !== undefined) logRecipe(segmentation, log);
}

/**
 * Adds the file to an error about one image: what works on images knows them by name, e.g. `pet`, and
 * not where they came from.
 *
 * @param paths - Files of the images by name.
 */
export function nameImageFile(
  thrown: unknown,
  paths: Readonly<Record<string, string | undefined>>,
): unknown {
  if (!(thrown instanceof HecktorError) || thrown.file !== undefined) return thrown;
  const { code, detail = '', likelyCause: cause, fix } = thrown;
  const named = Object.keys(paths).filter((name) => detail.includes(`"${name}"`));
  const file = named.length === 1 ? paths[named[0]!] : undefined;
  if (file === undefined) return thrown;
  return new HecktorError(code, { file, detail, cause, fix, origin: thrown });
}
