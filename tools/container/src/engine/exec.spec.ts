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
});
