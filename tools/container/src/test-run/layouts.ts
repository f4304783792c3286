/** Where a case is mounted inside the container. */
export interface Layout {
  readonly input: string;
  readonly output: string;
}

/** The participant document's folders, and the ones the platform mounts. */
export const LAYOUTS = {
  document: { input: '/tmp/input', output: '/tmp/output' },
  platform: { input: '/input', output: '/output' },
} as const satisfies Record<string, Layout>;

export type LayoutName = keyof typeof LAYOUTS;
