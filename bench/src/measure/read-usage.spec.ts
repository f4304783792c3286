import { describe, expect, it } from '@jest/globals';
import { useFolder } from '@hecktor/testing';
import { readUsage } from './measure-process.ts';

describe('readUsage', () => {
  const root = useFolder({ each: true });

  it('reads VmHWM and CPU time, whatever the program is called', () => {
    root.put('7/status', 'Name:\tx\nVmHWM:\t    2048 kB\nVmRSS:\t 10 kB\n');
    root.put('7/stat', `7 (a) b (c) R 1 7 7 0 -1 4 9 0 0 0 250 50 0 0 20 0\n`);
    expect(readUsage(7, root.path)).toEqual({ peak: 2 ** 21, cpu: 3 });
  });

  it('gives nothing for a process that has ended', () => {
    expect(readUsage(7, root.path)).toBeUndefined();
  });
});
