import { expect, it } from '@jest/globals';
import { useFolder } from '@hecktor/testing';
import { loggedProbabilities, loggedProbability, readPredictions } from './index.ts';

const folder = useFolder({ each: true });
const RUN = {
  task: 'task1',
  versions: {},
  digests: { program: '1', recipe: '2', weights: '3' },
  settings: {},
  digest: 'now',
  cases: ['a', 'b', 'c'].map((id) => ({ id, status: 'pending' })),
};

it('tells cases that are over from those that are not, or are of another run', () => {
  folder.put('run.json', JSON.stringify(RUN));
  const over = (id: string, run: string): void => {
    const file = { id, digest: 'd', run, status: 'done' };
    folder.put(`cases/${id}/case.json`, JSON.stringify(file));
    folder.put(`cases/${id}/usage.json`, '{"seconds": 2, "peakMiB": 300}');
  };
  over('a', 'earlier');
  over('b', 'now');
  folder.make('cases/c/output');
  expect(readPredictions(folder.path)).toEqual({
    folder: folder.path,
    run: RUN,
    cases: [
      {
        ...{ id: 'b', digest: 'd', run: 'now', status: 'done' },
        output: folder.at('cases/b/output'),
        usage: { seconds: 2, peakMiB: 300 },
      },
    ],
    pending: ['a', 'c'],
  });
});

it('refuses a folder that is none', () => {
  expect(() => readPredictions(folder.path)).toThrow(/PREDICTIONS_INVALID .*run\.json/);
  folder.put('run.json', '{');
  expect(() => readPredictions(folder.path)).toThrow('not JSON');
});

it('reads the probabilities of a stage by its classes, the last where several stages have them', () => {
  const stages = [
    { value: 'T2', probability: { T1: 0.4, T2: 0.6 } },
    { value: 'N0', probability: { N0: 0.7, N1: 0.3 } },
    { value: 'T1', probability: { T2: 0.1, T1: 0.9 } },
    { value: true, probability: 0.8 },
    { value: 1.4 },
  ].map((said) => JSON.stringify({ level: 'info', ...said, msg: 'prediction' }));
  const log = folder.put('log.jsonl', ['no JSON', ...stages, ''].join('\n'));
  expect(loggedProbabilities(log, ['T1', 'T2'])).toEqual({ T1: 0.9, T2: 0.1 });
  expect(loggedProbabilities(log, ['N0', 'N1'])).toEqual({ N0: 0.7, N1: 0.3 });
  expect(loggedProbabilities(log, ['N0', 'N1', 'N2'])).toBeUndefined();
  expect(loggedProbability(log)).toBeNaN();
  expect(loggedProbabilities(folder.at('none.jsonl'), ['T1'])).toBeUndefined();
});
