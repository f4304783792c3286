import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { errorDocs } from '@hecktor/errors';
import { isDebug, stackOf, toHecktorError } from '@hecktor/runtime';
import { loadProfile, type Profile } from '../test-run/profile.ts';
import { type App, appAt, fromWorkspace } from '../app.ts';
import { sanitise } from '../sanitise-text.ts';
import type { EngineName } from '../engine/open-engine.ts';

/** The part of Nx's executor context that is used here, and what it wants back. */
export interface Context {
  readonly root: string;
  readonly projectName?: string;
}
export interface Outcome {
  readonly success: boolean;
}

/**
 * Runs the body of an executor, which may return false for a failure it has told. An error is told in
 * one line; DEBUG=1 shows its stack too.
 */
export async function runExecutor(
  context: Context,
  body: (app: App) => Promise<unknown>,
): Promise<Outcome> {
  try {
    if (context.projectName === undefined) throw new Error('this executor belongs to a project');
    const success = await body(appAt(context.root, context.projectName));
    return { success: success !== false };
  } catch (error) {
    const known = toHecktorError(error);
    if (isDebug(process.env)) console.error(stackOf(known));
    console.error(`${sanitise(known.message)} More: ${errorDocs(known.code)}`);
    return { success: false };
  }
}

/** The rules that an app brings itself; they hold unless others are asked for. */
export async function ownProfile({ root }: App): Promise<Profile | undefined> {
  const file = join(root, 'profile.json');
  return existsSync(file) ? loadProfile(file) : undefined;
}

/** The profile of a name or a file; without either the app's own, else the document's. */
export async function profileOf(app: App, wanted?: string): Promise<Profile> {
  const own = await ownProfile(app);
  if (own !== undefined && (wanted ?? own.name) === own.name) return own;
  const profile = wanted ?? 'hecktor25';
  return loadProfile(/[./\\]/.test(profile) ? fromWorkspace(app, profile) : profile);
}

interface NextOptions {
  engine: EngineName;
  tag?: string | undefined;
  /** Others, such as `--build=false`. */
  more?: readonly string[];
}

/** The command of the next step, for the same image of the same engine. */
export function nextTarget(
  { name }: Pick<App, 'name'>,
  target: string,
  { engine, tag, more = [] }: NextOptions,
): string {
  return [
    `next: npx nx run ${name}:${target}`,
    ...(engine === 'docker' ? [] : [`--engine=${engine}`]),
    ...(tag === undefined ? [] : [`--tag=${tag}`]),
    ...more,
  ].join(' ');
}
