import type { Layout } from './layouts.ts';

/**
 * A container's message with the folders of this machine in place of those inside the container,
 * so that a person finds the file it is about.
 */
export function hostPaths(
  text: string,
  layout: Layout,
  { input, output }: { input: string; output: string },
): string {
  const swap = (into: string, inside: string, outside: string) =>
    into.replaceAll(new RegExp(`(?<![\\w./-])${inside}(?=[/\\s\\]"':,)]|$)`, 'g'), () => outside);
  return swap(swap(text, layout.input, input), layout.output, output);
}
