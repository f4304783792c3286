import { expect, it } from '@jest/globals';
import { useFolder } from '@hecktor/testing';
import { readPredictions } from './index.ts';

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
