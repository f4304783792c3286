import { errorDocs, HecktorError } from '@hecktor/errors';
import { isDebug, stackOf, toHecktorError } from '@hecktor/runtime';
import { resolve } from 'node:path';
import { loadProfile, type Profile } from '../test-run/profile.ts';
import { type App, appAt } from '../app.ts';
import { sanitise } from '../sanitise-text.ts';
import type { EngineName } from '../engine/open-engine.ts';

/** The part of Nx's executor context that is used here. */
export interface Context {
  readonly root: string;
  readonly projectName?: string;
}

/** What Nx wants back. */
export interface Outcome {
  readonly success: boolean;
}

/**
 * Runs the body of an executor, which may return false for a failure it has told. An error is told in
 * one line that ends with the place where the documentation explains it; DEBUG=1 shows its stack too.
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

/**
 * Resolves a path a user gave, relative to the workspace.
 *
 * @throws HecktorError OPTION_INVALID for an empty one, which would be the workspace itself.
 */
export function fromWorkspace(app: App, path: string): string {
  if (path.trim() !== '') return resolve(app.workspace, path);
  throw new HecktorError('OPTION_INVALID', {
    detail: 'an option for a file or a folder is empty',
    cause: 'a variable of the shell that is not set',
    fix: 'give the path, or leave the option out',
  });
}

/** The profile of a name or of a file; a path is taken from the workspace. */
export function profileOf(app: App, profile = 'hecktor25'): Promise<Profile> {
  return loadProfile(/[./\\]/.test(profile) ? fromWorkspace(app, profile) : profile);
}

/** Options that the next step must be given too. */
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
