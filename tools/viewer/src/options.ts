import { optionReader } from '@hecktor/runtime';

export type ViewerOptions = ReturnType<typeof readOptions>;

const reader = optionReader('docs/viewer.md');

/** Reads the command line. Throws OPTION_INVALID naming the option. */
export function readOptions(args: readonly string[]) {
  const { values } = reader.parse({
    args: [...args],
    options: {
      data: { type: 'string' },
      pred: { type: 'string', multiple: true, default: [] },
      truth: { type: 'string' },
      scores: { type: 'string', multiple: true, default: [] },
      task: { type: 'string' },
      port: { type: 'string', default: '4280' },
    },
  });
  if (values.scores.length > values.pred.length) {
    throw reader.refusal('--scores', 'expected at most one for each --pred, in the same order');
  }
  return {
    ...values,
    data: reader.required('--data', values.data, 'the folder or table of a cohort'),
    port: reader.count('--port', values.port, 0, 65_535),
  };
}
