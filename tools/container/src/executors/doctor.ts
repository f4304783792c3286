import { writeJson } from '@hecktor/files';
import { fromWorkspace } from '../app.ts';
import { type Purpose, renderChecks } from '../doctor/checks.ts';
import { examine } from '../doctor/examine.ts';
import type { EngineName } from '../engine/open-engine.ts';
import { type Context, type Outcome, runExecutor } from './run-executor.ts';

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
  const { success } = await runExecutor(context, async (app) => {
    const checks = await examine({
      workspace: app.workspace,
      tasks: app.name === ALL ? undefined : [app.name],
      ...{ engine: options.engine, nodeImage: options.nodeImage, purpose: options.for },
    });
    blocked = checks.some(({ status }) => status === 'blocker');
    const report = { ready: !blocked, for: options.for, checks };
    if (options.output !== undefined) await writeJson(fromWorkspace(app, options.output), report);
    console.log(options.json ? JSON.stringify(report, null, 2) : renderChecks(checks));
  });
  return { success: success && !blocked };
}
