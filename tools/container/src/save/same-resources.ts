import { HecktorError } from '@hecktor/errors';
import { modelDigests, recipeDigest } from '../build/labels.ts';
import type { Weights } from '../build/weights.ts';
import type { ImageFacts } from '../engine/image-facts.ts';

/** Options of {@link assertSameResources}. */
export interface SameResourcesOptions {
  /** The folder as it is now. */
  resources: string;
  weights: Weights;
  /** Tells of the difference, where the image holds everything itself, and goes on. */
  force: boolean;
  onNote?: (note: string) => void;
}

/**
 * Nobody should upload the model of last week: recipe and weights on this machine must be those that
 * the image was built from. An image that was not built here carries no digests and is not judged.
 *
 * @throws HecktorError CHECK_FAILED when they were changed after the build.
 */
export async function assertSameResources(
  { labels }: Pick<ImageFacts, 'labels'>,
  { resources, weights, force, onNote }: SameResourcesOptions,
): Promise<void> {
  const changed: string[] = [];
  for (const { label, what, digest } of [
    { label: 'hecktor.recipe', what: 'the recipe', digest: recipeDigest },
    { label: 'hecktor.models', what: 'the weights', digest: modelDigests },
  ]) {
    const built = labels[label];
    if (built === undefined && weights === 'inside') continue;
    const now = await digest(resources).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
    });
    if (now !== built) changed.push(what);
  }
  if (changed.length === 0) return;
  const detail = `${changed.join(' and ')} in this folder differ from those of the image`;
  if (force && weights === 'inside') return onNote?.(`warning: ${detail} (${resources})`);
  throw new HecktorError('CHECK_FAILED', {
    file: resources,
    detail,
    cause: 'they were changed after the build, or the image was built with --resources',
    fix: 'run docker-build and docker-test-run again, or give docker-save the same --resources',
  });
}
