import { describe, expect, it } from '@jest/globals';
import { buildArgs } from './build-args.ts';

describe('buildArgs', () => {
  it('builds for linux/amd64, without network, with sorted labels', () => {
    const args = buildArgs({
      tag: 'hecktor-task1:latest',
      nodeImage: 'node:26-bookworm-slim',
      context: '/w/dist/docker/task1',
      labels: { 'hecktor.task': 'task1', 'hecktor.models': 'a.onnx=sha256:1 b.onnx=sha256:2' },
    });
    expect(args).toEqual([
      'build',
      '--platform',
      'linux/amd64',
      '--network',
      'none',
      '--build-arg',
      'NODE_IMAGE=node:26-bookworm-slim',
      '--label',
      'hecktor.models=a.onnx=sha256:1 b.onnx=sha256:2',
      '--label',
      'hecktor.task=task1',
      '--tag',
      'hecktor-task1:latest',
      '/w/dist/docker/task1',
    ]);
  });
});
