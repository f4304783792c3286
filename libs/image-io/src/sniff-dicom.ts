/** Value representations of DICOM's explicit transfer syntaxes. */
const VALUE_REPRESENTATIONS = new Set(
  (
    'AE AS AT CS DA DS DT FD FL IS LO LT OB OD OF OL OV OW PN SH SL SQ SS ST SV TM UC UI UL UN ' +
    'UR US UT UV'
  ).split(' '),
);

/** True for a DICOM file, with its 128-byte preamble or, as old exports are, without. */
export function looksLikeDicom(head: Buffer): boolean {
  if (head.length >= 132 && head.toString('latin1', 128, 132) === 'DICM') return true;
  return startsWithElement(head, true) || startsWithElement(head, false);
}

/**
 * True when the first bytes are a data element of group 0002 or 0008 and a second element of a
 * group as high or higher follows it.
 */
function startsWithElement(head: Buffer, littleEndian: boolean): boolean {
  if (head.length < 16) return false;
  const u16 = (at: number) => (littleEndian ? head.readUInt16LE(at) : head.readUInt16BE(at));
  const u32 = (at: number) => (littleEndian ? head.readUInt32LE(at) : head.readUInt32BE(at));
  const group = u16(0);
  if (group !== 2 && group !== 8) return false;
  const explicit = VALUE_REPRESENTATIONS.has(head.toString('latin1', 4, 6));
  const length = explicit ? u16(6) : u32(4);
  const next = 8 + length;
  if (length > 1024 || length % 2 === 1) return false;
  if (next + 4 > head.length) return explicit;
  return u16(next) >= group && u16(next) <= 0x0010;
}
