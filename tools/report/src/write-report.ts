import { labelMapOf } from '@hecktor/case-io';
import type { CaseScore, Cohort, CohortTask, Predictions, Summary } from '@hecktor/cohort';
import { writeText } from '@hecktor/files';
import type { DetectionOptions } from '@hecktor/metrics';
import { markup, type Markup } from './markup.ts';
import { page } from './page.ts';
import type { CaseFiles } from './pictures/case-pictures.ts';
import { allCasesSection, failuresSection } from './sections/all-cases.ts';
import { classificationSection } from './sections/classification.ts';
import { choosePictured, gallerySection } from './sections/gallery.ts';
import { centresSection, scoresSection } from './sections/scores.ts';
import { segmentationSection } from './sections/segmentation.ts';
import { survivalSection } from './sections/survival.ts';
import { usageSection } from './sections/usage.ts';

export interface ReportOptions {
  readonly task: CohortTask;
  readonly cohort: Cohort;
  /** What the run took; undefined where the predictions come from elsewhere. */
  readonly predictions?: Predictions | undefined;
  /** The predicted label map of a patient; not asked for where none is predicted. */
  readonly maskOf?: ((id: string) => string | undefined) | undefined;
  readonly scores: { readonly cases: readonly CaseScore[]; readonly summary: Summary };
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
  const { task, predictions, scores, detection = {} } = options;
  const { cases, summary } = scores;
  const metric = task.evaluation?.metric;
  const pictured = choosePictured(cases, filesOf(options));
  const anchors = new Map(pictured.map(({ one, anchor }) => [one.id, anchor]));
  const usage = new Map(predictions?.cases.map((one) => [one.id, one.usage]));
  const rows = cases.map((one) => {
    return { ...one, usage: usage.get(one.id), anchor: anchors.get(one.id) };
  });
  const sections: (Markup | undefined)[] = [
    failuresSection(cases),
    scoresSection(summary),
    metric === 'dice' ? segmentationSection(cases) : undefined,
    metric === 'concordance-index' ? survivalSection(cases) : undefined,
    metric === 'balanced-accuracy' ? classificationSection(cases) : undefined,
    centresSection(summary),
    pictured.length === 0
      ? undefined
      : await gallerySection(pictured, { labels: labelMapOf(task)?.labels ?? [], detection }),
    predictions && usageSection(predictions),
    allCasesSection(rows),
  ];
  return page({
    title: `${task.title}: ${summary.cases} patients`,
    lead: lead(summary),
    sections: sections.filter((section) => section !== undefined),
  });
}

function lead({ task, predictions, truth, cases, failed }: Summary): Markup {
  return markup`<p>${task}: predictions <code>${predictions}</code>, truth <code>${truth}</code>; ${cases - failed} scored, ${failed} failed.</p>`;
}

/** Finds the files of a case; undefined when one is missing. */
function filesOf({ cohort, maskOf }: ReportOptions): (id: string) => CaseFiles | undefined {
  const byId = new Map(cohort.cases.map((one) => [one.id, one]));
  return (id) => {
    const { images: { ct, pet } = {}, labels: truth } = byId.get(id) ?? {};
    const prediction = maskOf?.(id);
    if (ct === undefined || pet === undefined) return undefined;
    if (truth === undefined || prediction === undefined) return undefined;
    return { ct, pet, truth, prediction };
  };
}
