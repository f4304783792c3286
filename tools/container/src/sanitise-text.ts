// Colours, cursor movements and titles of windows: CSI and OSC sequences, and the short ones.
// eslint-disable-next-line no-control-regex
const SEQUENCE = /\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\^_])/g;
// eslint-disable-next-line no-control-regex
const CONTROL = /[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]/g;

/**
 * A text of somebody else's, such as a container's words or a file's name, as one line that moves no
 * cursor: without a terminal's sequences, other control characters shown as `\x0a`.
 */
export function sanitise(text: string): string {
  return text.replaceAll(SEQUENCE, '').replaceAll(CONTROL, (sign) => {
    const code = sign.charCodeAt(0);
    return code > 0xff ? `\\u${code.toString(16)}` : `\\x${code.toString(16).padStart(2, '0')}`;
  });
}
