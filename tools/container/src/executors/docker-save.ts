import { createLogger, createProgress } from '@hecktor/runtime';
import { openEngine, type EngineName } from '../engine/open-engine.ts';
import { saveImage } from '../save/save-image.ts';
import { defaultTag } from '../task.ts';
import { fromWorkspace, runExecutor, type Context, type Outcome } from './run-executor.ts';

/** Options as in schemas/docker-save.json. */
interface Options {
  engine: EngineName;
  tag?: string;
  archive?: string;
  maxBytes: number;
}

export default function dockerSave(options: Options, context: Context): Promise<Outcome> {
  return runExecutor(context, async (task) => {
    const progress = createProgress({ log: createLogger({ pretty: true }) });
    try {
      const saved = await saveImage(await openEngine(options.engine), {
        image: options.tag ?? defaultTag(task),
        archive: fromWorkspace(task, options.archive ?? `dist/submission_${task.name}.tar.gz`),
        maxBytes: options.maxBytes,
        onProgress: (fraction) => progress.update('packing', fraction),
      });
      progress.stop();
      console.log(`saved ${saved.archive}`);
      console.log(`  size: ${(saved.bytes / 1e6).toFixed(1)} MB`);
      console.log(`  sha256: ${saved.sha256}`);
    } finally {
      progress.stop();
    }
  });
}
