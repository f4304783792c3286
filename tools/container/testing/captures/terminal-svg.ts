const COLUMNS = 124;
const [WIDTH, HEIGHT, MARGIN] = [8.4, 18, 16];
/** Lines that matter most, by how they begin or what they hold. */
const COLOURS: readonly (readonly [RegExp, string])[] = [
  [/^\$ /, '#7ee787'],
  [/\bBLOCKER\b|\bBROKEN\b|^[A-Z]{3,}(_[A-Z]+)+ |\bfailed\b/, '#ff7b72'],
  [/\bWARNING\b|^\s*warning\b|-> /, '#e3b341'],
];

/** A picture of a terminal with a text in it: lines are wrapped, nothing is left out. */
export function terminalSvg(title: string, text: string): string {
  const lines = text.trimEnd().split('\n').flatMap(wrap);
  const width = Math.round(2 * MARGIN + COLUMNS * WIDTH);
  const height = 2 * MARGIN + 28 + lines.length * HEIGHT;
  const rows = lines.map(({ text: line, whole }, row) => {
    const colour = COLOURS.find(([pattern]) => pattern.test(whole))?.[1];
    const fill = colour === undefined ? '' : ` fill="${colour}"`;
    const y = MARGIN + 28 + (row + 1) * HEIGHT - 5;
    return `<text x="${MARGIN}" y="${y}"${fill} xml:space="preserve">${escape(line)}</text>`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">`,
    `<title>${escape(title)}</title>`,
    `<rect width="${width}" height="${height}" rx="8" fill="#0d1117"/>`,
    ...['#ff5f56', '#ffbd2e', '#27c93f'].map(
      (colour, i) => `<circle cx="${22 + 18 * i}" cy="20" r="5.5" fill="${colour}"/>`,
    ),
    '<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, monospace" font-size="14" fill="#c9d1d9">',
    ...rows,
    '</g>',
    '</svg>',
    '',
  ].join('\n');
}

interface Row {
  readonly text: string;
  /** The line it is a part of. */
  readonly whole: string;
}

function wrap(line: string): Row[] {
  const rows: Row[] = [];
  let rest = line;
  while (rest.length > COLUMNS) {
    const space = rest.lastIndexOf(' ', COLUMNS);
    const end = space > COLUMNS / 2 ? space : COLUMNS;
    rows.push({ text: rest.slice(0, end), whole: line });
    rest = rest.slice(end).trimStart();
  }
  return [...rows, { text: rest, whole: line }];
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
