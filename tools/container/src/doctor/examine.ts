import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { appAt } from '../app.ts';
import { exec } from '../engine/exec.ts';
import type { EngineName } from '../engine/open-engine.ts';
import { type Check, type Purpose, row, type Row } from './checks.ts';
import { engineFacts, judgeEngine } from './engine.ts';
import { judgeMachine, machineFacts } from './machine.ts';
import { appFacts, judgeApp, judgeWorkspace, workspaceFacts } from './workspace.ts';

interface ExamineOptions {
  workspace: string;
  /** Default: every app. */
  tasks?: readonly string[] | undefined;
  engine: EngineName;
  nodeImage: string;
  purpose: Purpose;
  run?: typeof exec;
}

/** Looks at the machine, the engine, the checkout and the tasks. Changes nothing, throws nothing. */
export async function examine(options: ExamineOptions): Promise<Check[]> {
  const { workspace, engine, nodeImage, purpose, run = exec } = options;
  const areas: Record<string, () => Promise<Row[]>> = {
    machine: async () => judgeMachine(await machineFacts(workspace), purpose),
    engine: async () => judgeEngine(await engineFacts(engine, nodeImage, run), nodeImage, purpose),
    workspace: async () => judgeWorkspace(await workspaceFacts(workspace)),
  };
  for (const task of options.tasks ?? (await appsOf(workspace))) {
    areas[task] = async () => judgeApp(await appFacts(appAt(workspace, task)));
  }
  const checks: Check[] = [];
  for (const [area, look] of Object.entries(areas)) {
    const rows = await look().catch((error: unknown) => {
      const why = error instanceof Error ? error.message : String(error);
      return [row('all', `could not be looked at: ${why}`, { status: 'warning' })];
    });
    checks.push(...rows.map((found) => ({ area, ...found })));
  }
  return checks;
}

async function appsOf(workspace: string): Promise<string[]> {
  const names = await readdir(join(workspace, 'apps')).catch(() => []);
  return names.sort().filter((name) => existsSync(join(workspace, 'apps', name, 'project.json')));
}
