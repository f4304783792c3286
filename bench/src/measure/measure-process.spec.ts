import { describe, expect, it } from '@jest/globals';
import { measureProcess, type Program } from './measure-process.ts';

const node = (script: string): Program => ({
  command: process.execPath,
  args: ['--input-type=module', '-e', script],
});

describe('measureProcess', () => {
  it('sees memory and CPU time that a process takes', async () => {
    const small = await measureProcess(node('console.log("{}")'));
    const large = await measureProcess(
      node(`
        const held = new Uint8Array(256 * 2 ** 20).fill(1);
        const until = process.cpuUsage().user + 300_000;
        while (process.cpuUsage().user < until);
        console.log(JSON.stringify({ mark: 'done', held: held.length }));
      `),
    );
    expect(large.peak - small.peak).toBeGreaterThan(200 * 2 ** 20);
    expect(large.peak - small.peak).toBeLessThan(400 * 2 ** 20);
    expect(large.cpu).toBeGreaterThan(0.25);
    expect(large.wall).toBeGreaterThan(0);
  });

  it('collects lines of JSON in order, with their times, and passes over others', async () => {
    const { lines, wall } = await measureProcess(
      node(`
        console.log('{"mark":"first"}');
        console.log('words');
        console.log('{broken');
        setTimeout(() => console.log('{"mark":"second"}'), 20);
      `),
    );
    expect(lines.map(({ line }) => line)).toEqual([{ mark: 'first' }, { mark: 'second' }]);
    expect(lines[0]!.at).toBeLessThan(lines[1]!.at);
    expect(lines[1]!.at).toBeLessThanOrEqual(wall + 1);
  });

  it('ends a run at a line, for start-up times', async () => {
    const run = measureProcess(node(`console.log('{"mark":"up"}'); setInterval(() => {}, 1000);`), {
      until: (line) => line['mark'] === 'up',
    });
    expect((await run).lines).toHaveLength(1);
  });

  it('hands on the environment', async () => {
    const program = node('console.log(JSON.stringify({ a: process.env.BENCH_SPEC }))');
    const { lines } = await measureProcess({ ...program, env: { BENCH_SPEC: 'x' } });
    expect(lines[0]!.line).toEqual({ a: 'x' });
  });

  it('fails with the end of the output when the program fails', async () => {
    const run = measureProcess(node(`console.error('no such case'); process.exit(3)`));
    await expect(run).rejects.toThrow(/ended with 3:\nno such case/);
  });

  it('fails when there is no such program', async () => {
    await expect(measureProcess({ command: '/nowhere/at-all', args: [] })).rejects.toThrow(
      'ENOENT',
    );
  });
});
