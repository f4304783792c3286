import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { exec } from '../engine/exec.ts';
import type { EngineName } from '../engine/open-engine.ts';
import { appAt } from '../app.ts';
import type { Check, Purpose } from './checks.ts';
import { engineFacts, judgeEngine } from './engine.ts';
import { judgeMachine, machineFacts } from './machine.ts';
import { judgeApp, judgeWorkspace, appFacts, workspaceFacts } from './workspace.ts';

/** Options of {@link examine}. */
export interface ExamineOptions {
  workspace: string;
  /** Names of the tasks to look at. Default: every app with a resources folder. */
  tasks?: readonly string[];
  engine: EngineName;
  nodeImage: string;
  purpose: Purpose;
  run?: typeof exec;
}

/** Looks at the machine, the engine, the checkout and the tasks. Changes nothing, throws nothing. */
export async function examine(options: ExamineOptions): Promise<Check[]> {
  const { workspace, engine: name, nodeImage, purpose, run = exec } = options;
  const tasks = options.tasks ?? (await appsOf(workspace));
  const parts: (readonly [area: string, checks: () => Promise<Check[]>])[] = [
    ['machine', async () => judgeMachine(await machineFacts(workspace), purpose)],
    [
      'engine',
      async () => judgeEngine(await engineFacts({ name, nodeImage, run }), nodeImage, purpose),
    ],
    ['workspace', async () => judgeWorkspace(await workspaceFacts(workspace))],
    ...tasks.map(
      (task) => [task, async () => judgeApp(await appFacts(appAt(workspace, task)))] as const,
    ),
  ];
  const checks: Check[] = [];
  for (const [area, look] of parts) {
    checks.push(...(await look().catch((error: unknown) => [unseen(area, error)])));
  }
  return checks;
}

async function appsOf(workspace: string): Promise<string[]> {
  const names = (await readdir(join(workspace, 'apps')).catch(() => [])).sort();
  const isTask = (name: string) =>
    stat(join(workspace, 'apps', name, 'project.json')).then(
      (found) => found.isFile(),
      () => false,
    );
  const found = await Promise.all(names.map(isTask));
  return names.filter((_, index) => found[index]);
}

function unseen(area: string, error: unknown): Check {
  const found = `could not be looked at: ${error instanceof Error ? error.message : String(error)}`;
  return { area, name: 'all', status: 'warning', found };
}
