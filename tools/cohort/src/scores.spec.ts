import { describe, expect, it } from '@jest/globals';
import { useFolder } from '@hecktor/testing';
import { formatCases, readCases, readSummary } from './index.ts';
import type { CaseScore, Summary } from './index.ts';

const folder = useFolder();

const label = {
  ...{ dsc: 2 / 3, hd95: Infinity },
  ...{ truthVolume: 0.1 + 0.2, predictedVolume: 1e-9, intersectionVolume: 0 },
  ...{ truePositives: 1, falsePositives: 2, falseNegatives: 0 },
};

describe('cases.csv', () => {
  const rows: CaseScore[] = [
    {
      ...{ id: 'CHUM-1', centre: 'CHUM', status: 'scored' },
      labels: { GTVp: { ...label, dsc: NaN, hd95: NaN }, GTVn: label },
      survival: { time: 100.5, event: true, risk: -1e-7 },
      classification: { truth: false, prediction: true, probability: 0.1 },
    },
    {
      ...{ id: 'a "b", c', centre: '', status: 'failed', error: 'CODE [x] lines\nand, commas' },
      survival: { time: 0, event: false, risk: NaN },
      classification: { truth: true, prediction: undefined, probability: NaN },
    },
  ];

  it('gives back what was written to the last bit', () => {
    expect(readCases(folder.put('cases.csv', formatCases(rows)))).toEqual(rows);
  });

  it('has columns of what there is alone', () => {
    const [head] = formatCases([{ id: 'a', centre: '', status: 'scored' }]).split('\n');
    expect(head).toBe('id,centre,status,error');
  });

  it('of another origin is refused', () => {
    const refused = expect.objectContaining({ code: 'COHORT_INVALID' });
    expect(() => readCases(folder.put('cases.csv', 'PatientID,dsc\na,1\n'))).toThrow(refused);
    expect(() => readCases(folder.put('cases.csv', 'id,centre,status,GTVp.dsc\n'))).toThrow(
      refused,
    );
    expect(() => readCases(folder.at('nowhere.csv'))).toThrow(refused);
  });
});

describe('summary.json', () => {
  it('gives back what was written, undefined scores included', () => {
    const interval = { low: NaN, high: NaN, resamples: 0 };
    const summary: Summary = {
      ...{ task: 'task2', predictions: 'p', truth: 't', cases: 2, failed: 0 },
      conventions: { a: 'b' },
      scores: [{ name: 'C-index', value: NaN, interval, isBetter: 'higher', ranks: 'task2' }],
      centres: [],
      ...{ facts: { recurrences: 1 }, warnings: [], notes: ['n'] },
    };
    expect(readSummary(folder.put('summary.json', JSON.stringify(summary)))).toEqual(summary);
  });

  it('of another origin is refused', () => {
    expect(() => readSummary(folder.put('summary.json', 'none'))).toThrow(
      expect.objectContaining({ code: 'COHORT_INVALID' }),
    );
  });
});
