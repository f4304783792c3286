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

/** What an error says. Sentences carry no trailing full stop. */
export interface CatalogueEntry {
  /** What is wrong, in general terms. */
  readonly what: string;
  /** The most likely cause. */
  readonly cause: string;
  /** What the user should do. */
  readonly fix: string;
  /** The process's exit code when this error ends it. */
  readonly exitCode: number;
}

const ending =
  (exitCode: number) =>
  (texts: Omit<CatalogueEntry, 'exitCode'>): CatalogueEntry => ({ ...texts, exitCode });

// Entries of the catalogue by how they end a process.
export const internal = ending(EXIT.internal);
export const usage = ending(EXIT.usage);
export const input = ending(EXIT.input);
export const resources = ending(EXIT.resources);
export const system = ending(EXIT.system);
export const limit = ending(EXIT.limit);
export const engine = ending(EXIT.engine);
export const check = ending(EXIT.check);
