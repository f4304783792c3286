/**
 * A 5 x 7 dot font: each letter is followed by its seven rows, each row one base-32 digit whose five
 * bits are the dots.
 */
const FONT = `
  Aehhvhhh Buhhuhhu Cehggghe Duhhhhhu Evgguggv Fvgguggg Gehgnhhe Hhhhvhhh Ie44444e J72222ic
  Khikokih Lggggggv Mhrllhhh Nhhpljhh Oehhhhhe Puhhuggg Qehhhlid Ruhhukih Sfgge11u Tv444444
  Uhhhhhhe Vhhhhha4 Whhhllla Xhha4ahh Yhha4444 Zv1248gv a00e1fhf bggmphhu c00egghe d11djhhf
  e00ehvge f698s888 g00fhf1e hggmphhh i40c444e j20622ic kggikoki lc44444e m00qllhh n00mphhh
  o00ehhhe p00uhugg q00djf11 r00mpggg s00ege1u t88s8896 u00hhhjd v00hhha4 w00hhlla x00ha4ah
  y00hhf1e z00v248v 0ehjlphe 14c4444e 2eh1248v 3v2421he 426aiv22 5vgu11he 668guhhe 7v124888
  8ehhehhe 9ehhf12c .00000cc ,0000c48 :0cc0cc0 -000e000 +044v440 /01248g0 (2488842 )8422248
  %op248j3 =00v0v00
`;

/** The seven rows of each letter, each a number of five bits. */
export const GLYPHS: ReadonlyMap<string, readonly number[]> = new Map(
  FONT.trim()
    .split(/\s+/)
    .map(([letter, ...rows]) => [letter!, rows.map((row) => parseInt(row, 32))]),
);
