import { describe, expect, it } from '@jest/globals';
import { buildArgs } from './build-image.ts';

describe('buildArgs', () => {
  it('builds for linux/amd64, without network', () => {
    const args = buildArgs({
      tag: 'hecktor-task1:latest',
      nodeImage: 'node:26-bookworm-slim',
      build: '7',
      timeLimit: 600,
      api: 'invoke',
      context: '/w/dist/docker/task1',
    });
    expect(args).toEqual([
      'build',
      '--force-rm',
      '--platform',
      'linux/amd64',
      '--network',
      'none',
      '--build-arg',
      'NODE_IMAGE=node:26-bookworm-slim',
      '--build-arg',
      'BUILD=7',
      '--build-arg',
      'TIME_LIMIT_S=600',
      '--build-arg',
      'API=invoke',
      '--tag',
      'hecktor-task1:latest',
      '/w/dist/docker/task1',
    ]);
  });
});
