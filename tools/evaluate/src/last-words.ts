/**
 * The line in which a program says why it failed: the last one, or of a crash of Node.js the error
 * above its stack. Undefined when it said nothing.
 */
export function lastWords(stderr: string): string | undefined {
  const trace = /^\s+at |^Node\.js v\d|^\s*$/;
  return stderr
    .split('\n')
    .findLast((line) => !trace.test(line))
    ?.trim();
}
