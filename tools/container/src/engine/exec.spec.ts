import { describe, expect, it } from '@jest/globals';
import { exec } from './exec.ts';

const node = (script: string) => [process.execPath, ['-e', script]] as const;

describe('exec', () => {
  it('gives the exit code, both streams and each line as it comes', async () => {
    const lines: string[] = [];
    const script = 'console.log("a");console.error("b");process.exitCode=4';
    const result = await exec(...node(script), {
      onLine: (line, stream) => lines.push(`${stream} ${line}`),
    });
    expect(result).toEqual({ code: 4, stdout: 'a', stderr: 'b' });
    expect(lines.sort()).toEqual(['stderr b', 'stdout a']);
  });

  it('keeps the end of what a talkative program said', async () => {
    const script = 'for(let i=0;i<25000;i++)console.log(i)';
    const lines = (await exec(...node(script))).stdout.split('\n');
    expect([lines.length, lines.at(-1)]).toEqual([10_000, '24999']);
  });

  it('gives 127 for a command that does not exist', async () => {
    expect((await exec('no-such-command-here', [])).code).toBe(127);
  });

  it('passes arguments on as they are, shell characters included', async () => {
    const { stdout } = await exec(process.execPath, ['-p', 'process.argv[1]', '$HOME; a b']);
    expect(stdout).toBe('$HOME; a b');
  });

  it('gives a command what it is to read, and ends with what the source throws', async () => {
    async function* source(fault?: Error) {
      yield Buffer.from('some ');
      if (fault !== undefined) throw fault;
      yield Buffer.from('bytes');
    }
    const copy = node('process.stdin.pipe(process.stdout)');
    expect((await exec(...copy, { input: source() })).stdout).toBe('some bytes');
    await expect(exec(...copy, { input: source(new Error('damaged')) })).rejects.toThrow('damaged');
    const deaf = node('process.stdin.destroy();process.exitCode=3');
    const much = (async function* () {
      for (let i = 0; i < 100; i++) yield Buffer.alloc(1e5);
    })();
    expect((await exec(...deaf, { input: much })).code).toBe(3);
  });
});
