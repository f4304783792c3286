import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { HecktorError } from '@hecktor/errors';
import { createPatience } from './patience.ts';

describe('at the deadline', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  function late(extraMs: number) {
    const [run, interruption] = [new AbortController(), new AbortController()];
    const patience = createPatience(run.signal, interruption.signal, extraMs);
    const timeOut = (): void => run.abort(new HecktorError('TIMEOUT'));
    return { ...patience, patience, run, interruption, timeOut };
  }

  it('a worker without an answer is waited for, and no longer than may be', () => {
    const { signal, timeOut } = late(1000);
    timeOut();
    expect(signal.aborted).toBe(false);
    jest.advanceTimersByTime(999);
    expect(signal.aborted).toBe(false);
    jest.advanceTimersByTime(2);
    expect(signal.reason).toMatchObject({ code: 'TIMEOUT' });
  });

  it('a worker with an answer is not, whenever that comes', () => {
    const early = late(1000);
    early.answered();
    expect(early.signal.aborted).toBe(false);
    early.timeOut();
    expect(early.signal.aborted).toBe(true);
    const meanwhile = late(1000);
    meanwhile.timeOut();
    meanwhile.answered();
    expect(meanwhile.signal.reason).toMatchObject({ code: 'TIMEOUT' });
  });

  it('a worker that is done is nothing to end', () => {
    const { signal, timeOut, dispose } = late(1000);
    timeOut();
    dispose();
    jest.advanceTimersByTime(2000);
    expect(signal.aborted).toBe(false);
  });

  it('nobody is waited for where nothing is to be left out', () => {
    const { signal, timeOut } = late(0);
    timeOut();
    expect(signal.aborted).toBe(true);
  });

  it('an interruption is one, before and after', () => {
    const reason = new HecktorError('INTERRUPTED');
    const before = late(1000);
    before.interruption.abort(reason);
    before.run.abort(reason);
    expect(before.signal.reason).toBe(reason);
    const after = late(1000);
    after.timeOut();
    after.interruption.abort(reason);
    expect(after.signal.reason).toBe(reason);
  });
});
