import { parseArgs } from 'node:util';
import { HecktorError, type ErrorFacts } from '@hecktor/errors';

export type ViewerOptions = ReturnType<typeof readOptions>;

/** Reads the command line. Throws OPTION_INVALID naming the option. */
export function readOptions(args: readonly string[]) {
  const { data, port, ...rest } = parse(args);
  if (data === undefined) {
    throw usage('--data: expected the folder or table of a cohort', {
      cause: 'the option is missing',
    });
  }
  if (rest.scores.length > rest.pred.length) {
    throw usage('--scores: expected at most one for each --pred, in the same order');
  }
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) {
    throw usage(`--port: expected a number from 0 (any) to 65535, got '${port}'`);
  }
  return { ...rest, data, port: Number(port) };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        data: { type: 'string' },
        pred: { type: 'string', multiple: true, default: [] },
        truth: { type: 'string' },
        scores: { type: 'string', multiple: true, default: [] },
        task: { type: 'string' },
        port: { type: 'string', default: '4280' },
      },
    }).values;
  } catch (error) {
    throw usage((error as Error).message);
  }
}

function usage(detail: string, more: ErrorFacts = {}): HecktorError {
  const fix = 'correct the option; docs/viewer.md lists them all';
  return new HecktorError('OPTION_INVALID', { detail, fix, ...more });
}
