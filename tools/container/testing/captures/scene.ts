import type { ErrorCode } from '@hecktor/errors';

/** One picture: a command a person would type, in a situation that a stage has prepared. */
export interface Scene {
  /** Name of its files. */
  readonly name: string;
  readonly title: string;
  /** What is typed; it is run by a shell in the workspace. */
  readonly command: string;
  /** Set without being shown. */
  readonly env?: Readonly<Record<string, string>>;
  /** The error that it shows; undefined: it goes well. */
  readonly code?: ErrorCode;
  /** Words that must be seen, or the picture shows something else than it should. */
  readonly sees: RegExp;
}
