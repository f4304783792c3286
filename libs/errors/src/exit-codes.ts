/**
 * Exit codes of the containers and tools. Values above 128 are left to signals (137 = killed,
 * shown by the platform as out of memory).
 */
export const EXIT = {
  ok: 0,
  /** A fault of ours: an exception no catalogue entry describes. */
  internal: 1,
  /** Wrong command line or environment. */
  usage: 2,
  /** The patient's input is missing, broken or contradictory. */
  input: 3,
  /** `resources/` is missing something or does not fit its recipe. */
  resources: 4,
  /** Reading or writing the file system failed. */
  system: 5,
  /** A limit (time, memory, size) was reached. */
  limit: 6,
  /** A container engine is missing or refused. */
  engine: 7,
  /** A check of an output or an archive failed. */
  check: 8,
} as const;
