import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { expect, it } from '@jest/globals';
import { useFolder } from '@hecktor/testing';
import { makeStudy } from './fixtures/make-study.ts';

const folder = useFolder();

/** Is to `ps` what npx is, which starts a shell with Nx, which starts a shell with the server. */
const NPM = `
process.title = 'npm exec nx run viewer:serve';
const [, ...server] = process.argv;
const shell = "trap '' TERM; " + server.join(' ') + '; true';
require('node:child_process').spawn('sh', ['-c', shell], { stdio: 'inherit', detached: true });
`;

async function addressOf({ stdout }: ChildProcess): Promise<string> {
  let text = '';
  for await (const chunk of stdout!) {
    text += String(chunk);
    const url = /http:\S+/.exec(text);
    if (url !== null) return url[0];
  }
  throw new Error(`no address: ${text}`);
}

it('ends when the npx that started it has been ended', async () => {
  const { data } = await makeStudy(folder);
  const script = ['node', 'tools/build/run-ts.mjs', 'tools/viewer/src/main.ts'];
  const npm = spawn('node', ['-e', NPM, '--', ...script, '--data', data, '--port', '0'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const url = await addressOf(npm);
  expect((await fetch(url)).ok).toBe(true);
  npm.kill('SIGTERM');
  await once(npm, 'exit');
  const refuses = async () =>
    fetch(url).then(
      () => false,
      () => true,
    );
  for (let i = 0; i < 50 && !(await refuses()); i++) {
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  expect(await refuses()).toBe(true);
}, 240_000);
