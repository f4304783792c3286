import { describe, expect, it } from '@jest/globals';
import { Readable } from 'node:stream';
import { eachLine } from './exec.ts';

async function linesOf(chunks: readonly (string | Uint8Array)[]): Promise<string[]> {
  const lines: string[] = [];
  const bytes = chunks.map((chunk) => Buffer.from(chunk as string));
  await eachLine(Readable.from(bytes, { objectMode: false }), (line) => lines.push(line));
  return lines;
}

describe('eachLine', () => {
  it('breaks at every kind of line end, wherever the chunks do', async () => {
    expect(await linesOf(['a\nb', 'c\r', '\nd\r\n\ne\rf'])).toEqual(['a', 'bc', 'd', '', 'e', 'f']);
  });

  it('puts characters together again that came in two chunks', async () => {
    const [first, second] = Buffer.from('ü');
    expect(await linesOf([Uint8Array.of(first!), Uint8Array.of(second!)])).toEqual(['ü']);
  });

  it('cuts a line without an end instead of keeping it', async () => {
    const piece = 'x'.repeat(2 ** 16);
    const lines = await linesOf([...Array.from({ length: 9 }, () => piece), '\nlast']);
    expect(lines.map(({ length }) => length)).toEqual([2 ** 18, 4]);
  });

  it('lets no bytes through that would upset a terminal', async () => {
    expect(await linesOf([Uint8Array.of(0xff, 0x1b, 0x5b, 0x32, 0x4a, 0x00, 0x0a)])).toEqual([
      '\ufffd\\x00',
    ]);
  });
});
