import { HecktorError } from '@hecktor/errors';
import { imageFacts, type ImageFacts } from '../engine/image-facts.ts';
import { engineWords, type Engine } from '../engine/open-engine.ts';

/** Label of a base image that is not the official one. */
const STAND_IN = { name: 'hecktor.base', value: 'stand-in' } as const;

/**
 * The base image, pulled if it is not here.
 *
 * @throws HecktorError BASE_IMAGE_UNAVAILABLE; WRONG_ARCHITECTURE when the one here is not amd64.
 */
export async function baseImage(engine: Engine, name: string): Promise<ImageFacts> {
  if ((await engine.exec(['image', 'inspect', name])).code !== 0) {
    const { code, stderr } = await engine.exec(['pull', '--platform', 'linux/amd64', name]);
    if (code !== 0) {
      throw new HecktorError('BASE_IMAGE_UNAVAILABLE', {
        detail: `${name}: ${engineWords(stderr)}`,
      });
    }
  }
  const facts = await imageFacts(engine, name);
  if (facts.architecture === 'amd64') return facts;
  throw new HecktorError('WRONG_ARCHITECTURE', {
    detail: `the base image ${name} on this machine is for ${facts.architecture}`,
    cause: 'it was pulled for this machine, not for the platform',
    fix: `run \`${engine.name} pull --platform linux/amd64 ${name}\` and build again`,
  });
}

/** A warning when an image was not made from the official base image. */
export function standInWarning({ labels }: Pick<ImageFacts, 'labels'>): string | undefined {
  return labels[STAND_IN.name] === STAND_IN.value
    ? 'warning: the base image is a stand-in made on this machine, not the official Node image; ' +
        'build a submission where the official image can be pulled'
    : undefined;
}
