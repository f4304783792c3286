import { describe, expect, it } from '@jest/globals';
import { LAYOUTS, runArgs } from './run-args.ts';
import { limitsOf } from './limits.ts';
import { PROFILES } from './profile.ts';
import { TASKS } from '../../testing/tasks.ts';

const args = {
  image: 'hecktor-task1:latest',
  container: 'c1',
  layout: LAYOUTS.platform,
  input: '/cases/one',
  output: '/out',
  limits: limitsOf(PROFILES['grand-challenge'], TASKS.task1),
  env: {},
};

describe('runArgs', () => {
  it('keeps to every rule of the platform', () => {
    const line = runArgs(args).join(' ');
    for (const rule of [
      '--network none',
      '--read-only',
      '--cap-drop ALL',
      '--security-opt no-new-privileges',
      '--pids-limit 512',
      '--ulimit nofile=1024:1024',
      '--ulimit nproc=4096:4096',
      '--ulimit data=16106127360:16106127360',
      '--cpus 2',
      '--memory 16g --memory-swap 16g',
      '--tmpfs /tmp:',
      '--platform linux/amd64',
    ]) {
      expect(line).toContain(rule);
    }
  });

  it('shares what the observer watches: its network and a volume at /tmp', () => {
    const line = runArgs({ ...args, observer: { container: 'observer', scratch: 'volume' } }).join(
      ' ',
    );
    expect(line).toContain('--network container:observer');
    expect(line).toContain('--volume volume:/tmp:nocopy');
    expect(line).not.toContain('--tmpfs');
  });

  it('mounts weights read-only, and leaves the root writable only when asked to', () => {
    const line = runArgs({ ...args, model: '/weights', writableRoot: true }).join(' ');
    expect(line).toContain('source=/weights,target=/opt/ml/model,readonly');
    expect(line).not.toContain('--read-only');
  });

  it('sets no limit on data where the profile has none', () => {
    const limits = limitsOf(PROFILES.hecktor25, TASKS.task1);
    expect(runArgs({ ...args, limits }).join(' ')).not.toContain('data=');
  });

  it('passes no user, so that the image’s own is tested', () => {
    expect(runArgs(args)).not.toContain('--user');
  });

  it('mounts the input read-only and the output writable, by layout', () => {
    expect(runArgs(args)).toEqual(
      expect.arrayContaining([
        'type=bind,source=/cases/one,target=/input,readonly',
        'type=bind,source=/out,target=/output',
      ]),
    );
    expect(runArgs({ ...args, layout: LAYOUTS.document })).toEqual(
      expect.arrayContaining([
        'type=bind,source=/cases/one,target=/tmp/input,readonly',
        'type=bind,source=/out,target=/tmp/output',
      ]),
    );
  });

  it('quotes a folder whose name has a comma', () => {
    expect(runArgs({ ...args, input: '/cases/Doe, "J"' })).toContain(
      'type=bind,"source=/cases/Doe, ""J""",target=/input,readonly',
    );
  });

  it('quotes a folder whose name has a line break', () => {
    expect(runArgs({ ...args, input: '/cases/a\nb' })).toContain(
      'type=bind,"source=/cases/a\nb",target=/input,readonly',
    );
  });

  it('ends with the image, after the environment', () => {
    expect(runArgs({ ...args, env: { DEBUG: '1' } }).slice(-3)).toEqual([
      '--env',
      'DEBUG=1',
      'hecktor-task1:latest',
    ]);
  });
});
