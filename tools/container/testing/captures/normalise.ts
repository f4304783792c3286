/** What differs from machine to machine and from run to run, and what stands for it. */
interface NormaliseOptions {
  workspace: string;
  home: string;
  /** Folder for temporary files. */
  temporary: string;
}

const ESCAPES = new RegExp(`${String.fromCharCode(27)}\\[[0-9;?]*[A-Za-z]`, 'g');

/** Lines about this machine's settings or timing that say nothing about what is shown. */
const NOISE = [
  /^npm warn /,
  /^\s*(Run duration|Cache|Critical path|Recoverable time):/,
  /^Nx read the output from the cache/,
  /^Hint: run the command with --verbose/,
  /^Pass --verbose to see the stacktrace/,
  /^\(node:\d+\) |^\(Use `node --trace/,
];

/** What a terminal shows, without escapes, this machine's paths, times and numbers of processes. */
export function normalise(text: string, options: NormaliseOptions): string {
  const { workspace, home, temporary } = options;
  const plain = text
    .replaceAll('\r\n', '\n')
    .replace(ESCAPES, '')
    .split('\n')
    // A progress line overwrites itself: its last state is what stays.
    .map((line) => line.split('\r').findLast((part) => part !== '') ?? '')
    .filter((line) => !NOISE.some((noise) => noise.test(line)))
    .join('\n')
    .replaceAll(encodeURIComponent(workspace), '')
    .replaceAll(`${workspace}/`, '')
    .replaceAll(workspace, '.')
    .replace(
      new RegExp(`${escape(temporary)}/([a-z-]+?)-?[A-Za-z0-9]{6}(?=[/\\s"':,)])`, 'g'),
      '/tmp/$1',
    )
    .replaceAll(`${home}/`, '~/')
    .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, '2025-07-01T12:00:00Z')
    .replace(/hecktor-test-run-\d+-\d+/g, 'hecktor-test-run')
    .replace(/\n\s+Recommendations:[^]*$/, '');
  return `${plain.replace(/\n{3,}/g, '\n\n').trim()}\n`;
}

/** Keeps the first two lines and the last of a stretch of the log. */
export function foldLog(text: string): string {
  const lines: string[] = [];
  let stretch: string[] = [];
  const flush = () => {
    const hidden = stretch.length - 3;
    if (hidden < 2) lines.push(...stretch);
    else lines.push(...stretch.slice(0, 2), `… ${hidden} more lines of the log …`, stretch.at(-1)!);
    stretch = [];
  };
  for (const line of text.split('\n')) {
    if (line.startsWith('{"level":')) {
      stretch.push(line);
      continue;
    }
    flush();
    lines.push(line);
  }
  flush();
  return lines.join('\n');
}

/** Keeps the beginning and the end of a long text. */
export function shorten(text: string, lines: { first: number; last: number }): string {
  const all = text.trimEnd().split('\n');
  const { first, last } = lines;
  if (all.length <= first + last + 1) return text;
  const left = all.length - first - last;
  return [...all.slice(0, first), `… ${left} more lines …`, ...all.slice(-last), ''].join('\n');
}

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
