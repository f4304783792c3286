/** Width and height of a glyph in cells, without the gap after it. */
export const GLYPH_WIDTH = 5;
export const GLYPH_HEIGHT = 7;

// Seven rows of five cells per glyph, each row one base-32 digit (0-9, a-v).
const GLYPHS: Readonly<Record<string, string>> = {
  A: 'ehhvhhh',
  B: 'uhhuhhu',
  C: 'ehggghe',
  D: 'uhhhhhu',
  E: 'vgguggv',
  F: 'vgguggg',
  G: 'ehgnhhf',
  H: 'hhhvhhh',
  I: 'e44444e',
  J: '72222ic',
  K: 'hikokih',
  L: 'ggggggv',
  M: 'hrllhhh',
  N: 'hhpljhh',
  O: 'ehhhhhe',
  P: 'uhhuggg',
  Q: 'ehhhlid',
  R: 'uhhukih',
  S: 'fgge11u',
  T: 'v444444',
  U: 'hhhhhhe',
  V: 'hhhhha4',
  W: 'hhhllla',
  X: 'hha4ahh',
  Y: 'hhha444',
  Z: 'v1248gv',
  '0': 'ehjlphe',
  '1': '4c4444e',
  '2': 'eh1248v',
  '3': 'v2421he',
  '4': '26aiv22',
  '5': 'vgu11he',
  '6': '68guhhe',
  '7': 'v124888',
  '8': 'ehhehhe',
  '9': 'ehhf12c',
  '.': '00000cc',
  ',': '0000648',
  ':': '0cc0cc0',
  '=': '00v0v00',
  '-': '000v000',
  '+': '044v440',
  '(': '2488842',
  ')': '8422248',
  '/': '01248g0',
  '%': 'op248j3',
  ' ': '0000000',
};

/** The seven rows of a glyph, bit 4 leftmost; lower case is drawn as upper case, others as blank. */
export function glyphRows(character: string): readonly number[] {
  const rows = GLYPHS[character.toUpperCase()] ?? GLYPHS[' ']!;
  return Array.from(rows, (digit) => Number.parseInt(digit, 32));
}
