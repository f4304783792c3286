import { describe, expect, it } from '@jest/globals';
import { appAt, fromWorkspace } from './app.ts';

describe('fromWorkspace', () => {
  const task = appAt('/workspace', 'task1');

  it('takes a path from the workspace', () => {
    expect(fromWorkspace(task, 'dist/a')).toBe('/workspace/dist/a');
    expect(fromWorkspace(task, '/data')).toBe('/data');
  });

  it.each(['', ' '])('refuses an empty path, which would be the workspace: "%s"', (path) => {
    expect(() => fromWorkspace(task, path)).toThrow(
      expect.objectContaining({ code: 'OPTION_INVALID' }),
    );
  });
});
