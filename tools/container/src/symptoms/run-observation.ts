/** What could be seen of a container that has ended. */
export interface RunObservation {
  /** Exit code of its main process; null when there is none, e.g. because it never started. */
  readonly exitCode: number | null;
  /** Name of the signal that ended it, where the engine tells. */
  readonly signal?: string;
  /** It was stopped because its time was up. */
  readonly timedOut: boolean;
  /** The kernel killed it for its memory. */
  readonly oomKilled: boolean;
  /** The last lines of its stderr; the engine's own words are among them when it did not start. */
  readonly stderrTail: string;
  /** The last lines of its stdout. */
  readonly stdoutTail: string;
  /** The most memory it held at a time, bytes. */
  readonly peakMemoryBytes?: number;
}
