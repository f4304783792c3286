import type { CaseResult } from './run-case.ts';

export interface Progress {
  add(result: CaseResult<unknown>): void;
  end(): void;
}

/** What a progress display writes to; `process.stderr` is one. */
export interface Screen {
  readonly isTTY?: boolean | undefined;
  write(text: string): unknown;
}

/** One line that is drawn again on a terminal; plain lines, one in ten cases, elsewhere. */
export function createProgress(total: number, screen: Screen, now = Date.now): Progress {
  const begun = now();
  let [done, failed] = [0, 0];
  const line = (): string => {
    const left = Math.round((((now() - begun) / done) * (total - done)) / 1000);
    const wrong = failed > 0 ? `, ${failed} failed` : '';
    return `${done} of ${total} cases${wrong}, about ${left} s left`;
  };
  return {
    add: (result) => {
      done++;
      if ('failure' in result) {
        failed++;
        screen.write(`${screen.isTTY ? '\r\x1b[K' : ''}${result.id} failed: ${result.failure}\n`);
      }
      if (screen.isTTY) screen.write(`\r\x1b[K${line()}`);
      else if (done % 10 === 0 || done === total) screen.write(`${line()}\n`);
    },
    end: () => {
      if (screen.isTTY) screen.write('\r\x1b[K');
    },
  };
}
