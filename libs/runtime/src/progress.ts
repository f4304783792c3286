import cliProgress from 'cli-progress';
import type { Log } from './log.ts';

/** Shows how far a run is. */
export interface Progress {
  /** @param fraction - Of the stage, 0 to 1. */
  update(stage: string, fraction: number): void;
  stop(): void;
}

interface ProgressOptions {
  log: Log;
  /** Stream for a bar; a bar is drawn only if it is a terminal. Default: stderr. */
  stream?: NodeJS.WriteStream;
  /** Log lines of one stage are at least this far apart, ms. Default: 1000. */
  minGapMs?: number;
  now?: () => number;
}

/** A bar in a terminal; otherwise a log line about every 10 % of a stage. */
export function createProgress(options: ProgressOptions): Progress {
  const stream = options.stream ?? process.stderr;
  return stream.isTTY === true ? bar(stream) : lines(options);
}

function bar(stream: NodeJS.WriteStream): Progress {
  const drawn = new cliProgress.SingleBar({
    stream,
    format: '{stage} [{bar}] {percentage}% | {duration_formatted}',
    clearOnComplete: true,
    hideCursor: true,
    linewrap: false,
    barsize: 30,
    barCompleteChar: '=',
    barIncompleteChar: ' ',
  });
  let current: string | undefined;
  return {
    update(stage, fraction) {
      if (stage !== current) {
        if (current !== undefined) drawn.stop();
        drawn.start(100, 0, { stage: stage.padEnd(14) });
        current = stage;
      }
      drawn.update(Math.round(100 * fraction));
    },
    stop() {
      if (current !== undefined) drawn.stop();
      current = undefined;
    },
  };
}

function lines({ log, minGapMs = 1000, now = Date.now }: ProgressOptions): Progress {
  let current: string | undefined;
  let tenth = 0;
  let last = 0;
  return {
    update(stage, fraction) {
      const reached = Math.floor(10 * fraction + 1e-9);
      if (stage !== current) {
        [current, tenth, last] = [stage, 0, now()];
      }
      if (reached <= tenth || now() - last < minGapMs) return;
      [tenth, last] = [reached, now()];
      log.info('progress', { stage, percent: Math.round(100 * fraction) });
    },
    stop: () => undefined,
  };
}
