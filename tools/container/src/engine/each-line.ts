import type { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import { visible } from '../visible.ts';

/** A longer line is cut: a program may write gigabytes without a line break. */
const LONGEST = 2 ** 18;

/**
 * Calls back with each line of a stream as it comes, cut to a length and without what would upset a
 * terminal or a report, and waits for the stream's end.
 */
export function eachLine(stream: Readable, act: (line: string) => void): Promise<void> {
  const decoder = new StringDecoder('utf8');
  let line = '';
  let afterReturn = false;
  const append = (text: string) => {
    if (line.length < LONGEST) line += text.slice(0, LONGEST - line.length);
  };
  const take = (text: string) => {
    if (text === '') return;
    // A return and its line feed may come apart.
    const whole = afterReturn && text.startsWith('\n') ? text.slice(1) : text;
    afterReturn = text.endsWith('\r');
    const [first = '', ...further] = whole.split(/\r\n|[\n\r]/);
    append(first);
    for (const next of further) {
      act(visible(line));
      line = '';
      append(next);
    }
  };
  return new Promise((resolve) => {
    stream.on('data', (chunk: Buffer) => take(decoder.write(chunk)));
    stream.on('close', () => {
      take(decoder.end());
      if (line !== '') act(visible(line));
      resolve();
    });
  });
}
