/** A fenced code block of a Markdown file. */
interface FencedBlock {
  /** What follows the fence: the language, then words such as `file=libs/x.ts`. */
  readonly info: readonly string[];
  readonly text: string;
}

/** The fenced code blocks of a Markdown text, in order. */
export function fencedBlocks(markdown: string): FencedBlock[] {
  const blocks = markdown.matchAll(/^( *)```(\S[^\n]*)\n([^]*?)^\1```$/gm);
  return [...blocks].map(([, indent = '', info = '', text = '']) => ({
    info: info.trim().split(/\s+/),
    text: text.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
  }));
}
