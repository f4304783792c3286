/** Where in a file an uncaught exception was thrown; Node prints the line of code below it. */
const PLACE = /^(node:|file:\/\/|\[eval|\/)\S*:\d+$/;
const FRAME = /^\s+at \S/;
const MARK = /^\s*\^+\s*$/;
const FAREWELL = /^Node\.js v\d+\.\d+\.\d+$/;

/**
 * Tells which lines of a program's stderr a person should see: what went wrong, not where in whose
 * code. Call the result with each line in turn.
 */
export function withoutStack(): (line: string) => boolean {
  let below = 0;
  return (line) => {
    if (PLACE.test(line)) {
      below = 2;
      return false;
    }
    const code = below > 0 && (below === 2 || MARK.test(line));
    below = Math.max(0, below - 1);
    return !code && !FRAME.test(line) && !MARK.test(line) && !FAREWELL.test(line);
  };
}

/**
 * The first line of the last exception that Node reported as uncaught, whatever was thrown: an
 * error without a message, a string, a rejected promise. Undefined when there was none.
 */
export function uncaughtError(lines: readonly string[]): string | undefined {
  const from = lines.findLastIndex((line) => PLACE.test(line));
  if (from < 0) return undefined;
  return lines
    .slice(from)
    .filter(withoutStack())
    .find((line) => line.trim() !== '');
}
