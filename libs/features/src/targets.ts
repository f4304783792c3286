/** The tumours that are measured, and the labels that belong to each. */
export const TARGETS = {
  GTVp: [1],
  GTVn: [2],
  GTV: [1, 2],
} as const;

export type Target = keyof typeof TARGETS;

export const TARGET_NAMES = Object.keys(TARGETS) as readonly Target[];
