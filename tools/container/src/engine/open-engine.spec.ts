import { describe, expect, it } from '@jest/globals';
import type { exec } from './exec.ts';
import { commitContainer } from '../save/save-submission.ts';
import { imageFacts, isRootUser } from './image-facts.ts';
import { createEngine, openEngine } from './open-engine.ts';

const answering =
  (code: number, stderr = '', stdout = ''): typeof exec =>
  () =>
    Promise.resolve({ code, stdout, stderr });

describe('openEngine', () => {
  it('names the command that does not exist', async () => {
    await expect(openEngine('podman', answering(127))).rejects.toMatchObject({
      code: 'ENGINE_NOT_FOUND',
      detail: 'there is no command "podman"',
    });
  });

  it('sees a daemon that does not answer although the client exits with 0', async () => {
    const silent = answering(0, 'ERROR: Cannot connect to the Docker daemon at unix:///x');
    await expect(openEngine('docker', silent)).rejects.toMatchObject({
      code: 'ENGINE_NOT_RUNNING',
    });
  });

  it('tells of a context that does not exist', async () => {
    const lost = answering(1, 'Failed to initialize: context "nope": context not found');
    await expect(openEngine('docker', lost)).rejects.toMatchObject({
      code: 'ENGINE_NOT_RUNNING',
      fix: expect.stringContaining('unset DOCKER_CONTEXT'),
    });
  });

  it.each([
    ['Cannot connect to the Docker daemon at unix:///x', 'ENGINE_NOT_RUNNING'],
    ['Got permission denied while trying to connect', 'ENGINE_NOT_PERMITTED'],
  ])('finds "%s" where an old client puts it', async (words, code) => {
    const old = answering(0, '', JSON.stringify({ ServerErrors: [words], ClientInfo: {} }));
    await expect(openEngine('docker', old)).rejects.toMatchObject({
      code,
      detail: expect.stringContaining(words),
    });
  });

  it('tells a user without rights what to do', async () => {
    const refused = answering(1, 'permission denied while trying to connect');
    await expect(openEngine('docker', refused)).rejects.toMatchObject({
      code: 'ENGINE_NOT_PERMITTED',
      fix: expect.stringContaining('usermod -aG docker'),
    });
  });

  it('hands out an engine that answers', async () => {
    expect((await openEngine('docker', answering(0, '', '{}'))).name).toBe('docker');
  });
});

describe('Engine.require', () => {
  it('returns stdout, whatever was said on stderr', async () => {
    const engine = createEngine('docker', answering(0, 'a warning', 'fact'));
    expect(await engine.require(['image'])).toBe('fact');
  });

  it('fails for a non-zero exit even when stderr is empty', async () => {
    const engine = createEngine('docker', answering(3, '', 'first\nlast words\n'));
    await expect(engine.require(['build', '.'])).rejects.toMatchObject({
      code: 'ENGINE_FAILED',
      detail: '"docker build" ended with code 3: last words',
    });
  });
});

describe('imageFacts', () => {
  it('takes a name for a name, never for an option of the engine', async () => {
    const engine = createEngine('docker', answering(0, '', 'Usage:  docker image inspect'));
    await expect(imageFacts(engine, '--help')).rejects.toMatchObject({ code: 'IMAGE_NOT_BUILT' });
    await expect(commitContainer(engine, '--help', 'tag')).rejects.toMatchObject({
      code: 'CHECK_FAILED',
    });
  });
});

describe('isRootUser', () => {
  it.each(['', 'root', '0', '0:0', 'root:users', '0:100'])('refuses "%s"', (user) => {
    expect(isRootUser(user)).toBe(true);
  });

  it.each(['65532', '65532:65532', 'user', '1000:0'])('takes "%s"', (user) => {
    expect(isRootUser(user)).toBe(false);
  });
});
