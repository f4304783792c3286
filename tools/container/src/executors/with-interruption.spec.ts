import { describe, expect, it } from '@jest/globals';
import { withInterruption } from '../engine/interruption.ts';

describe('withInterruption', () => {
  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    'lets what %s interrupts tidy up, and tells of nothing else',
    async (name) => {
      const before = process.listenerCount(name);
      const done: string[] = [];
      const running = withInterruption('nothing is left', async (signal) => {
        process.emit(name, name);
        process.emit(name, name);
        try {
          signal.throwIfAborted();
        } finally {
          await Promise.resolve();
          done.push('tidied');
        }
        throw new Error('not reached');
      });
      await expect(running).rejects.toMatchObject({
        code: 'INTERRUPTED',
        detail: `received ${name}; nothing is left`,
      });
      expect(done).toEqual(['tidied']);
      expect(process.listenerCount(name)).toBe(before);
    },
  );

  it('tidies up when nobody reads the output any more', async () => {
    const running = withInterruption('nothing is left', (signal) => {
      process.stdout.emit('error', new Error('write EPIPE'));
      signal.throwIfAborted();
      return Promise.resolve();
    });
    await expect(running).rejects.toMatchObject({
      code: 'INTERRUPTED',
      detail: 'nobody reads its output any more; nothing is left',
    });
  });

  it('tells of the interruption, not of what failed by it', async () => {
    const running = withInterruption('nothing is left', () => {
      process.emit('SIGHUP');
      return Promise.reject(new Error('the engine was killed'));
    });
    await expect(running).rejects.toMatchObject({ code: 'INTERRUPTED' });
  });
});
