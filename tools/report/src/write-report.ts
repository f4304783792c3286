import { labelMapOf } from '@hecktor/case-io';
import type { CaseScore, Cohort, CohortTask, Predictions, Summary } from '@hecktor/cohort';
import { writeText } from '@hecktor/files';
import type { DetectionOptions } from '@hecktor/metrics';
import { Markup, markup, section } from './markup.ts';
import { page } from './page.ts';
import type { CaseFiles } from './pictures/case-pictures.ts';
import { allCases, failures, otherOutputs, type CaseRow } from './sections/all-cases.ts';
import { booleanClasses } from './sections/classification.ts';
import { namedClasses, type Probabilities } from './sections/confusion.ts';
import { choosePictured, gallery } from './sections/gallery.ts';
import { centreTable, scoreCards, totalScore, type TotalScore } from './sections/scores.ts';
import { segmentationCharts } from './sections/segmentation.ts';
import { survivalCharts } from './sections/survival.ts';
import { usageTables } from './sections/usage.ts';
import { count } from './table.ts';

/** An output of a task and how it was scored. */
export interface ReportPart {
  /** Looks at that output. */
  readonly task: CohortTask;
  readonly cohort: Cohort;
  readonly scores: { readonly cases: readonly CaseScore[]; readonly summary: Summary };
  /** Of a label map, the predicted one of a patient. */
  readonly maskOf?: (id: string) => string | undefined;
  /** Of named classes, how likely each is for a patient. */
  readonly probabilitiesOf?: (id: string) => Probabilities;
}

export interface ReportOptions {
  /** The outputs of the task that are scored. */
  readonly parts: readonly ReportPart[];
  /** Of several outputs. */
  readonly total?: TotalScore | undefined;
  /** What the run took; undefined where the predictions come from elsewhere. */
  readonly predictions?: Predictions | undefined;
  /** How lesions were matched for the scores. */
  readonly detection?: DetectionOptions | undefined;
  /** The HTML file. */
  readonly out: string;
}

/**
 * Writes the report of scored predictions, one HTML file that needs nothing else: scores, charts,
 * pictures of the worst and best cases, run times and all cases. The same input gives the same file.
 * A case whose images cannot be read is named in place of its pictures.
 */
export async function writeReport(options: ReportOptions): Promise<void> {
  await writeText(options.out, await reportPage(options));
}

async function reportPage(options: ReportOptions): Promise<string> {
  const { parts, total, predictions, detection = {} } = options;
  const { task, scores } = parts[0]!;
  const mask = parts.find(({ task: { output } }) => output.kind === 'label-map');
  const pictured = mask === undefined ? [] : choosePictured(mask.scores.cases, filesOf(mask));
  const anchors = new Map(pictured.map(({ one, anchor }) => [one.id, anchor]));
  const usage = new Map(predictions?.cases.map((one) => [one.id, one.usage]));
  const rows = rowsOf(parts).map((row): CaseRow => {
    return { ...row, usage: usage.get(row.id), anchor: anchors.get(row.id) };
  });
  const isOnly = parts.length === 1;
  const outputs = parts.map(({ task: { output } }) => (isOnly ? '' : `${output.name}: `));
  const labels = labelMapOf(task)?.labels ?? [];
  const byId = new Map(rows.map((row) => [row.id, otherOutputs(row, outputs, rows)]));
  const aboutOf = (id: string) => byId.get(id);
  const isRanked = pictured.some(({ rank }) => rank !== undefined);
  const sections = [
    failures(rows),
    total && section('score', 'Score', totalScore(total)),
    ...parts.flatMap(isOnly ? onlyOutput : oneOfOutputs),
    pictured.length > 0 &&
      section(
        'pictures',
        isRanked ? 'Worst and best cases' : 'Pictures, worst case first',
        await gallery(pictured, { labels, detection, aboutOf }),
      ),
    predictions && section('usage', 'Run', usageTables(predictions)),
    section('cases', 'All cases', allCases(rows, outputs)),
  ];
  return page({
    title: `${task.title}: ${count(rows.length, 'patient')}`,
    lead: lead(scores.summary, rows),
    sections: sections.filter((one) => one instanceof Markup),
  });
}

function lead({ task, predictions, truth }: Summary, rows: readonly CaseRow[]): Markup {
  const failed = rows.filter(({ status }) => status === 'failed').length;
  return markup`<p>${task}: predictions <code>${predictions}</code>, truth <code>${truth}</code>; ${rows.length - failed} scored, ${failed} failed.</p>`;
}

/** The patients of all parts; one has failed where any of its outputs has. */
function rowsOf(parts: readonly ReportPart[]): Omit<CaseRow, 'anchor'>[] {
  const byPart = parts.map(({ scores }) => new Map(scores.cases.map((one) => [one.id, one])));
  const ids = new Set(byPart.flatMap((part) => [...part.keys()]));
  return [...ids].map((id) => {
    const scores = byPart.map((part) => part.get(id));
    const known = scores.filter((one) => one !== undefined);
    const failed = known.filter(({ status }) => status === 'failed');
    const errors = new Set(failed.flatMap(({ error }) => error ?? []));
    return {
      ...{ id, centre: known[0]!.centre, scores },
      status: failed.length > 0 ? 'failed' : 'scored',
      error: errors.size > 0 ? [...errors].join('; ') : undefined,
    };
  });
}

/** The sections of a task with one output. */
function onlyOutput(part: ReportPart): (Markup | undefined)[] {
  const { task, scores } = part;
  const [id, title] = {
    'label-map': ['segmentation', 'Segmentation'],
    number: ['survival', 'Recurrence-free survival'],
    boolean: ['classes', task.title],
    class: ['classes', task.title],
  }[task.output.kind] as [string, string];
  const centres = centreTable(scores.summary);
  return [
    section('scores', 'Scores', scoreCards(scores.summary, scores.cases)),
    section(id, title, details(part)),
    centres && section('centres', 'Centres', centres),
  ];
}

/** An output among others, in one section. */
function oneOfOutputs(part: ReportPart): Markup {
  const { task, scores } = part;
  const content = [
    scoreCards(scores.summary, scores.cases),
    details(part),
    centreTable(scores.summary),
  ];
  return section(`output-${task.output.name}`, task.output.name, content);
}

/** What lies behind the scores of an output. */
function details({ task, scores, probabilitiesOf }: ReportPart): Markup {
  const { output } = task;
  const { cases, summary } = scores;
  switch (output.kind) {
    case 'label-map':
      return segmentationCharts(cases);
    case 'number':
      return survivalCharts(cases);
    case 'boolean':
      return booleanClasses(cases, summary.scores);
    case 'class':
      return namedClasses(output.classes.map(String), cases, summary.scores, probabilitiesOf);
  }
}

/** Finds the files of a case; undefined when one is missing. */
function filesOf({ cohort, maskOf }: ReportPart): (id: string) => CaseFiles | undefined {
  const byId = new Map(cohort.cases.map((one) => [one.id, one]));
  return (id) => {
    const { images: { ct, pet } = {}, labels: truth } = byId.get(id) ?? {};
    const prediction = maskOf?.(id);
    if (ct === undefined || pet === undefined) return undefined;
    if (truth === undefined || prediction === undefined) return undefined;
    return { ct, pet, truth, prediction };
  };
}
