import { join } from 'node:path';
import { HecktorError } from '@hecktor/errors';
import { PREDICT_OPTIONS, readRunOptions } from '@hecktor/predict';
import { optionReader } from '@hecktor/runtime';
import type { Conventions } from './conventions.ts';
import { partsOf, readScoredTasks } from './tasks.ts';

const reader = optionReader('docs/evaluate.md');
const { count, oneOf, refusal } = reader;

/** Reads the command line. Throws OPTION_INVALID naming the option. */
export function readOptions(args: readonly string[]) {
  const { values, positionals } = parse(args);
  const tasks = readScoredTasks();
  const task = tasks.get(values.task ?? '');
  if (task === undefined) {
    const detail = `expected one of ${[...tasks.keys()].join(', ')}`;
    const fix = 'name a task whose task.json has an "evaluation" (docs/another-challenge.md)';
    throw new HecktorError('OPTION_INVALID', { detail: `--task: ${detail}`, fix });
  }
  const runs = [...values.compare, ...positionals];
  if (values.compare.length === 0 && positionals.length > 0) {
    throw refusal(positionals[0]!, 'expected an option');
  }
  if (runs.length === 1) throw refusal('--compare', 'expected two runs or more');
  if (values.report !== undefined && (runs.length > 0 || values['plan-cost'])) {
    throw refusal('--report', 'expected one run, not --compare or --plan-cost');
  }
  // A table named by mistake would be overwritten.
  if (values.report !== undefined && !/\.html?$/i.test(values.report)) {
    throw refusal('--report', 'expected a file that ends in .html');
  }
  const what = 'the folder or table of a cohort';
  const truth = reader.required('--data', values.truth ?? values.data, what);
  if (values['check-direction'] && task.evaluation.metric !== 'concordance-index') {
    throw refusal('--check-direction', 'only a risk has a direction');
  }
  if (values.sweep.length > 0 && task.evaluation.metric !== 'dice') {
    throw refusal('--sweep', 'only masks have rules');
  }
  const parts = partsOf(task);
  if (parts.length > 1) {
    const given = [runs[0], values.sweep[0], values['plan-cost'] || undefined];
    if (given.some((one) => one !== undefined)) {
      throw refusal('--compare, --sweep, --plan-cost', `${task.name} has several outputs`);
    }
  }
  return {
    task,
    /** The outputs that are scored, `task` the first. */
    parts,
    truth,
    /** Where the images and clinical records are. */
    data: values.data ?? truth,
    pred: values.pred,
    runs,
    sweeps: values.sweep,
    report: values.report,
    out: values.out ?? join('dist/evaluate', task.name),
    conventions: readConventions(values),
    limit: values.limit === undefined ? undefined : count('--limit', values.limit),
    direction: values['check-direction'],
    planCost: values['plan-cost'],
    allowFailures: values['allow-failures'],
    /** Looks for the program, which scoring alone does not need. */
    predict: () => readRunOptions(values, task, reader),
    resources: values.resources ?? join('apps', task.name, 'resources'),
  };
}

type Values = ReturnType<typeof parse>['values'];

function parse(args: readonly string[]) {
  return reader.parse({
    args: [...args],
    allowPositionals: true,
    options: {
      ...PREDICT_OPTIONS,
      truth: { type: 'string' },
      pred: { type: 'string' },
      compare: { type: 'string', multiple: true, default: [] },
      sweep: { type: 'string', multiple: true, default: [] },
      report: { type: 'string' },
      'check-direction': { type: 'boolean', default: false },
      'plan-cost': { type: 'boolean', default: false },
      empty: { type: 'string', default: '1' },
      absent: { type: 'string', default: '1' },
      connectivity: { type: 'string', default: '26' },
      'min-iou': { type: 'string', default: '0.3' },
      hd95: { type: 'string', default: 'directed' },
      missing: { type: 'string', default: 'count' },
      resamples: { type: 'string', default: '1000' },
    },
  });
}

function readConventions(values: Values): Conventions {
  const { empty, absent, connectivity, hd95, missing, resamples } = values;
  const minIoU = Number(values['min-iou']);
  if (!(minIoU >= 0 && minIoU < 1))
    throw refusal('--min-iou', 'expected a number from 0 to below 1');
  return {
    whenBothEmpty: oneOf('--empty', empty, { '1': 1, '0': 0, skip: 'skip' } as const),
    whenAllEmpty: oneOf('--absent', absent, { '1': 1, nan: Number.NaN }),
    connectivity: oneOf('--connectivity', connectivity, { '26': 26, '18': 18, '6': 6 } as const),
    minIoU,
    hd95: oneOf('--hd95', hd95, { directed: 'directed', pooled: 'pooled' } as const),
    missing: oneOf('--missing', missing, {
      count: 'count',
      skip: 'skip',
      refuse: 'refuse',
    } as const),
    resamples: count('--resamples', resamples, 1000),
  };
}
