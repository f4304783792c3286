import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { exec } from '../../src/engine/exec.ts';
import { openEngine } from '../../src/engine/open-engine.ts';
import { indexPage } from './index-page.ts';
import { foldLog, normalise, shorten } from './normalise.ts';
import type { Scene } from './scene.ts';
import { SCENES } from './scenes.ts';
import { setStage } from './stage.ts';
import { terminalSvg } from './terminal-svg.ts';

// nx run container:captures [-- name...]
// Runs the commands of a user's path and of each common error, for real, and draws what a terminal
// shows: docs/captures/<name>.svg and an index. Needs Docker and the base image.

const workspace = process.cwd();
const target = join(workspace, 'docs/captures');
const wanted = process.argv.slice(2);

async function capture({ command, env, sees }: Scene): Promise<string> {
  const { stdout } = await exec('bash', ['-c', `{ ${command}; } 2>&1`], {
    cwd: workspace,
    env: { NX_DAEMON: 'false', NX_TUI: 'false', FORCE_COLOR: '0', CI: '', DEBUG: '', ...env },
  });
  const places = { workspace, home: homedir(), temporary: tmpdir() };
  const shown = normalise(`$ ${command}\n\n${stdout}`, places);
  if (!sees.test(shown)) throw new Error(`not what it should show:\n${shown}`);
  if (/^\s+at .*:\d+:\d+\)?$/m.test(stdout.replace(/^.*"level":.*$/gm, ''))) {
    console.warn('  it shows a stack trace');
  }
  return shorten(foldLog(shown), { first: 40, last: 60 });
}

const engine = await openEngine('docker');
const stage = await setStage(workspace, engine);
const failed: string[] = [];
try {
  await mkdir(target, { recursive: true });
  for (const scene of SCENES) {
    if (wanted.length > 0 && !wanted.includes(scene.name)) continue;
    console.log(`${scene.name}: ${scene.title}`);
    try {
      await writeFile(
        join(target, `${scene.name}.svg`),
        terminalSvg(scene.title, await capture(scene)),
      );
    } catch (error) {
      failed.push(scene.name);
      console.error(String(error));
    }
  }
  for (const file of await readdir(target)) {
    const known = SCENES.some(({ name }) => `${name}.svg` === file);
    if (file.endsWith('.svg') && !known) await rm(join(target, file));
  }
  await writeFile(join(target, 'README.md'), await indexPage(SCENES));
} finally {
  await stage.clear();
}
if (failed.length > 0) {
  console.error(`not captured: ${failed.join(', ')}`);
  process.exitCode = 1;
}
