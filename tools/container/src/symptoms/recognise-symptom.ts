import { CATALOGUE, type ErrorCode, errorDocs } from '@hecktor/errors';
import { CERTAIN, type RunObservation, SILENT, SPOKEN } from './symptoms.ts';

/** A failure that is known by its looks. */
export interface RecognisedSymptom {
  readonly code: ErrorCode;
  readonly title: string;
  readonly cause: string;
  readonly fix: string;
  /** E.g. `docs/errors.md#out_of_memory`. */
  readonly docs: string;
  /** The line of output that gave it away; undefined where the exit code did. */
  readonly evidence: string | undefined;
}

/**
 * Names the failure behind a container's end: first by what the engine knows, then by the program's
 * own last error, then by what Node, native code or the engine said, then by the exit code.
 */
export function recogniseSymptom(observation: RunObservation): RecognisedSymptom | undefined {
  const certain = CERTAIN.find(({ shows }) => shows?.(observation));
  if (certain !== undefined) return describe(certain.code);
  if (observation.exitCode === 0) return undefined;
  const lines = [...observation.stderrTail.split('\n'), ...observation.stdoutTail.split('\n')]
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const own = lines.map(ownErrorLine).findLast((error) => error !== undefined);
  if (own !== undefined && own.code !== 'INTERNAL') return own;
  const told = firstSaid(lines) ?? own;
  if (told !== undefined) return told;
  const silent = SILENT.find(({ shows }) => shows?.(observation));
  return silent && describe(silent.code);
}

function firstSaid(lines: readonly string[]): RecognisedSymptom | undefined {
  for (const { code, says } of SPOKEN) {
    const fitting = lines.filter((line) => says?.test(line));
    // Node prints the line of code that threw before the error itself.
    const line = fitting.find((candidate) => /error\b/i.test(candidate)) ?? fitting[0];
    if (line !== undefined) return describe(code, line);
  }
  return undefined;
}

function describe(code: ErrorCode, evidence?: string): RecognisedSymptom {
  const { what, cause, fix } = CATALOGUE[code];
  return { code, title: what, cause, fix, docs: errorDocs(code), evidence };
}

/** Reads the message of a HecktorError back; undefined for any other line. */
function ownErrorLine(line: string): RecognisedSymptom | undefined {
  const parts = /^([A-Z][A-Z_]+) .*?\. Likely cause: (.*?)\. Fix: (.*?)\.?$/.exec(line);
  if (parts === null || !Object.hasOwn(CATALOGUE, parts[1]!)) return undefined;
  return { ...describe(parts[1] as ErrorCode, line), cause: parts[2]!, fix: parts[3]! };
}
