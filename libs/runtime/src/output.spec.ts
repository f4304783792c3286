import { Writable } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { createLog, createLogger, createProgress } from './index.ts';

function capture(): { lines: string[]; stream: { write(line: string): void } } {
  const lines: string[] = [];
  return { lines, stream: { write: (line) => lines.push(line) } };
}

describe('createLogger', () => {
  it('writes one JSON object a line', () => {
    const { lines, stream } = capture();
    const log = createLogger({ base: { task: 'task1' }, pretty: false, stream });
    log.info('model loaded', { sha256: 'ab', size: [1, 2] });
    log.debug('not shown');
    expect(lines).toHaveLength(1);
    expect(lines[0]!.endsWith('\n')).toBe(true);
    const line = JSON.parse(lines[0]!) as Record<string, unknown>;
    expect(line).toMatchObject({
      level: 'info',
      task: 'task1',
      msg: 'model loaded',
      sha256: 'ab',
      size: [1, 2],
    });
    expect(Date.parse(String(line['time']))).not.toBeNaN();
  });

  it('writes lines for people', () => {
    const { lines, stream } = capture();
    const log = createLogger({ base: { task: 'task1' }, pretty: true, debug: true, stream });
    log.warn('no clinical record', { file: 'ehr.json', count: 2 });
    log.debug('details');
    expect(lines[0]!.replace('\r\x1b[K', '')).toMatch(
      /^\d\d:\d\d:\d\d ! no clinical record {2}file=ehr.json {2}count=2\n$/,
    );
    expect(lines[1]).toMatch(/· details\n$/);
  });
});

describe('createProgress', () => {
  it('logs about every tenth when there is no terminal', () => {
    const said: string[] = [];
    const log = createLog((_, message, fields) => {
      said.push(`${message} ${String(fields?.['stage'])} ${String(fields?.['percent'])}`);
    });
    let clock = 0;
    const stream = new Writable() as unknown as NodeJS.WriteStream;
    const progress = createProgress({ log, stream, now: () => clock });
    for (let i = 1; i <= 36; i++) {
      clock += 2000;
      progress.update('inference', i / 36);
    }
    expect(said).toHaveLength(10);
    expect(said.at(-1)).toBe('progress inference 100');
    for (let i = 1; i <= 36; i++) progress.update('restoring', i / 36);
    expect(said).toHaveLength(10);
    progress.stop();
  });

  it('draws a bar in a terminal and takes it away', () => {
    let drawn = '';
    const stream = Object.assign(
      new Writable({
        write(chunk, _, done) {
          drawn += String(chunk);
          done();
        },
      }),
      {
        isTTY: true,
        columns: 80,
        cursorTo: () => true,
        clearLine: () => true,
        moveCursor: () => true,
      },
    ) as unknown as NodeJS.WriteStream;
    const log = createLog(() => {
      throw new Error('no lines in a terminal');
    });
    const progress = createProgress({ log, stream });
    progress.update('inference', 0);
    progress.update('inference', 0.5);
    progress.update('restoring', 0.1);
    progress.stop();
    expect(drawn).toContain('inference');
    expect(drawn).toContain('restoring');
  });
});
