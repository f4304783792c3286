import { HecktorError } from '@hecktor/errors';
import { basename } from 'node:path';
import { standInWarning } from '../build/build-image.ts';
import { assertSameResources, readVerdict, whyNoVerdict } from './verdict.ts';
import type { Weights } from '../build/check-files.ts';
import type { ArchiveFacts } from '../archive/read-image-archive.ts';
import { imageFacts, type ImageFacts } from '../engine/image-facts.ts';
import { type Engine, engineWords } from '../engine/open-engine.ts';
import { type SavedArchive, saveImage, saveModels } from './save-image.ts';
import { differing, type Outputs } from '../test-run/folders.ts';
import { writeJson } from '../test-run/report/write-reports.ts';
import { timeLimitConflict } from '../test-run/limits.ts';
import { collectShippedFiles, sbom } from './sbom.ts';
import { readBack, withLoaded } from './verify-archive.ts';

/** What an image gave in a test run. */
export interface Rerun {
  readonly cases: readonly string[];
  readonly outputs: Outputs;
  /** Whether a plan left out something for time. */
  readonly isCutShort?: boolean;
}

/** Paths are absolute. */
export interface SubmissionOptions {
  /** Its tag; that of the new image where a container is saved. */
  image: string;
  /** A container to be made an image first. */
  container?: string | undefined;
  /** submission_<task>.tar.gz; what is known of it is written beside it. */
  archive: string;
  maxBytes: number;
  /** Of the profile it is saved for, s; undefined: not compared with the image's. */
  timeLimit?: number;
  /** Saves what has not passed a test run. */
  force: boolean;
  weights: Weights;
  resources: string;
  /** Archive of separate weights. */
  modelArchive: string;
  /** The verdict of the last test run. */
  verdict: string;
  /** Runs a loaded image; undefined: it is not run. */
  rerun?: ((image: string) => Promise<Rerun>) | undefined;
  onProgress?: (stage: string, fraction: number) => void;
  onNote?: (note: string) => void;
  signal?: AbortSignal | undefined;
}

/**
 * Packs a tested image into the archive to be submitted, reads it back, loads it under a temporary
 * name, runs it and compares its outputs with those of the test run. The archive gets its name when
 * all that went well; facts and a bill of materials lie beside it.
 */
export async function saveSubmission(engine: Engine, options: SubmissionOptions) {
  const { image, container, archive, force, maxBytes, timeLimit, onNote, signal } = options;
  const committed = container && (await commitContainer(engine, container, image));
  const facts = await imageFacts(engine, image);
  const conflict = timeLimit && timeLimitConflict(facts.labels, timeLimit);
  for (const warning of [standInWarning(facts), conflict && `warning: ${conflict}`]) {
    if (warning) onNote?.(warning);
  }
  const verdict = await readVerdict(options.verdict);
  const untested = whyNoVerdict(verdict, committed ?? facts.id, facts.labels);
  if (untested !== undefined) {
    if (!force) throw new HecktorError('TEST_RUN_MISSING', { detail: untested });
    onNote?.(`warning: saved untested (--force): ${untested}`);
  }
  assertWeights(facts, options);
  await assertSameResources(facts, options);

  const shipped = collectShippedFiles();
  let found: ArchiveFacts | undefined;
  const saved = await saveImage(engine, {
    ...{ image, archive, maxBytes, signal },
    onProgress: (fraction) => options.onProgress?.('packing', fraction),
    async verify(path, { bytes }) {
      found = await readBack(path, {
        ...{ name: archive, imageId: facts.id, maxBytes, onFile: shipped.onFile },
        onProgress: (read) => {
          signal?.throwIfAborted();
          options.onProgress?.('reading back', read / bytes);
        },
      });
      const { rerun } = options;
      if (rerun === undefined) return;
      options.onProgress?.('loading', 0);
      const again = await withLoaded(engine, path, (loaded) => {
        signal?.throwIfAborted();
        options.onProgress?.('loading', 1);
        return rerun(loaded);
      });
      signal?.throwIfAborted();
      if (untested === undefined) compare(options, verdict!, again);
    },
  });
  const { profile, cases, outputs } = verdict ?? {};
  const models =
    options.weights === 'separate'
      ? await saveModels(options.resources, { archive: options.modelArchive, maxBytes, signal })
      : undefined;
  const stem = archive.replace(/\.tar\.gz$/, '');
  const beside = { facts: `${stem}.json`, sbom: `${stem}.cdx.json` };
  await writeJson(beside.sbom, sbom(found!.images[0]!, shipped.files()));
  await writeJson(beside.facts, {
    archive: fileFacts(saved),
    models: models && fileFacts(models),
    image: { id: facts.id, layers: facts.layers, unpackedBytes: facts.size },
    testRun: untested === undefined ? { profile, cases, outputs } : null,
    labels: facts.labels,
  });
  return { image: saved, models, ...beside };
}

/** @throws HecktorError RESULT_VARIES unless both gave the same, or had no time for all of it. */
function compare({ archive, onNote }: SubmissionOptions, before: Rerun, after: Rerun): void {
  if (before.cases.join() !== after.cases.join()) {
    return onNote?.('note: the test run was on other cases, so outputs were not compared');
  }
  const paths = differing(before.outputs, after.outputs);
  if (paths.length === 0) return;
  if (before.isCutShort === true || after.isCutShort === true) {
    return onNote?.(
      `note: the plan left out a part of the recipe for time; run from the archive ${paths.join(', ')} ` +
        'differs from the test run, as what is left out depends on the time',
    );
  }
  throw new HecktorError('RESULT_VARIES', {
    file: archive,
    detail: `run from the archive it gives another ${paths.join(', ')} than in the test run`,
  });
}

function assertWeights({ labels }: ImageFacts, { weights }: SubmissionOptions): void {
  const built = labels['hecktor.weights'] ?? 'inside';
  if (built === weights) return;
  throw new HecktorError('CHECK_FAILED', {
    detail: `the image was built with --weights=${built} and is to be saved with --weights=${weights}`,
    cause: 'the two targets were given different options',
    fix: `give --weights=${weights} to docker-build and docker-test-run too, or leave it out everywhere`,
  });
}

function fileFacts({ archive, bytes, sha256 }: SavedArchive) {
  return { file: basename(archive), bytes, sha256 };
}

/** Makes an image of a container that was run. Returns the id of the image that it was started from. */
export async function commitContainer(engine: Engine, container: string, tag: string) {
  // The engine would take it for an option.
  const isName = !container.startsWith('-');
  const found = isName
    ? await engine.exec(['container', 'inspect', container])
    : { code: 1, stdout: '', stderr: 'no container has such a name' };
  const [facts] = found.code === 0 ? (JSON.parse(found.stdout) as { Image: string }[]) : [];
  if (facts === undefined) {
    throw new HecktorError('CHECK_FAILED', {
      detail: `there is no container ${container}: ${engineWords(found.stderr)}`,
      cause: 'it was removed when it ended (--rm), or its id is mistyped',
      fix: `list them with \`${engine.name} ps --all\`, or leave --container out to save the image`,
    });
  }
  await engine.require(['commit', container, tag]);
  return facts.Image.includes(':') ? facts.Image : `sha256:${facts.Image}`;
}
