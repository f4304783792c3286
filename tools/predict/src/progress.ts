import type { CaseOutcome } from './predict-case.ts';

export interface Progress {
  /** Images of `bytes` in all are to be worked on. */
  begin(total: number, bytes: number): void;
  /** A case is over. */
  add(result: Pick<CaseOutcome, 'id' | 'error' | 'fresh'>, bytes: number): void;
  end(): void;
}

/** Of work that others do. */
export interface RemoteProgress extends Progress {
  /** What they are at, beside the cases that are over. */
  status(text: string): void;
  /** A line of its own. */
  say(text: string): void;
}

/** What a progress display writes to; `process.stderr` is one. */
interface Screen {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  write(text: string): unknown;
}

/** Quiet time between two lines where there is no terminal, ms. */
const GAP = 10_000;
const BAR = 30;
const ERASE_LINE = '\r\x1b[K';

/** A bar with an estimate on a terminal; plain lines elsewhere. */
export function createProgress(screen: Screen, now = Date.now): RemoteProgress {
  const { isTTY = false } = screen;
  let [total, done, failed] = [0, 0, 0];
  let elsewhere = '';
  // The estimate goes by bytes of those that really ran; the largest ones come first.
  let [left, worked, begun, said] = [0, 0, 0, 0];
  const facts = (): string => {
    const wrong = failed > 0 ? `, ${failed} failed` : '';
    const seconds = (((now() - begun) / 1000) * left) / worked;
    const rest = worked === 0 ? '' : `, about ${duration(seconds)} left`;
    return `${done} of ${total} cases${wrong}${done === total ? '' : elsewhere + rest}`;
  };
  const draw = (): void => {
    if (!isTTY && done < total && now() - said < GAP) return;
    said = now();
    const bar = '='.repeat((BAR * done) / total).padEnd(BAR);
    const line = `[${bar}] ${facts()}`.slice(0, (screen.columns || 80) - 1);
    screen.write(isTTY ? `${ERASE_LINE}${line}` : `${facts()}\n`);
  };
  const say = (text: string): void => {
    screen.write(`${isTTY ? ERASE_LINE : ''}${text}\n`);
  };
  return {
    say,
    status(text) {
      elsewhere = `, ${text}`;
      if (done < total) draw();
    },
    begin(cases, bytes) {
      [total, left, begun, said] = [cases, bytes, now(), now()];
      draw();
    },
    add({ id, error, fresh }, bytes) {
      done++;
      left -= bytes;
      if (fresh) worked += bytes;
      if (error !== undefined) {
        failed++;
        say(`${id} failed: ${error.message}`);
      }
      draw();
    },
    end() {
      if (isTTY) screen.write(ERASE_LINE);
    },
  };
}

/** `45 s`, `12 min`, `3 h 20 min` */
export function duration(seconds: number): string {
  if (seconds < 90) return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 90) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
