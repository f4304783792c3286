import { describe, expect, it } from '@jest/globals';
import { nextTarget } from './run-executor.ts';

describe('nextTarget', () => {
  it.each([
    [{ engine: 'docker' }, 'next: npx nx run task1:docker-save'],
    [
      { engine: 'podman', tag: 'mine', more: ['--build=false'] },
      'next: npx nx run task1:docker-save --engine=podman --tag=mine --build=false',
    ],
  ] as const)('%j', (options, command) =>
    expect(nextTarget({ name: 'task1' }, 'docker-save', options)).toBe(command),
  );
});
