import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Purpose } from '../doctor/check.ts';
import { examine } from '../doctor/examine.ts';
import { renderChecks } from '../doctor/render-checks.ts';
import type { EngineName } from '../engine/open-engine.ts';
import { fromWorkspace, runExecutor, type Context, type Outcome } from './run-executor.ts';

/** Options as in schemas/doctor.json. */
interface Options {
  engine: EngineName;
  nodeImage: string;
  for: Purpose;
  json: boolean;
  output?: string;
}

/** The project that stands for all tasks. */
const ALL = 'container';

export default async function doctor(options: Options, context: Context): Promise<Outcome> {
  let blocked = false;
  const { success } = await runExecutor(context, async (task) => {
    const checks = await examine({
      workspace: task.workspace,
      ...(task.name === ALL ? {} : { tasks: [task.name] }),
      ...{ engine: options.engine, nodeImage: options.nodeImage, purpose: options.for },
    });
    blocked = checks.some(({ status }) => status === 'blocker');
    const report = JSON.stringify({ ready: !blocked, for: options.for, checks }, null, 2);
    if (options.output !== undefined) {
      const file = fromWorkspace(task, options.output);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, `${report}\n`);
    }
    console.log(options.json ? report : renderChecks(checks));
  });
  return { success: success && !blocked };
}
