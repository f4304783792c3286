import { HecktorError } from '@hecktor/errors';
import { engineWords, type Engine } from '../engine/open-engine.ts';

/** A container that became an image. */
export interface CommittedContainer {
  /** Id of the image that the container was started from. */
  readonly from: string;
}

/**
 * Makes an image of a container that was run, as the participants' document does it.
 *
 * @throws HecktorError CHECK_FAILED when there is no such container, ENGINE_FAILED.
 */
export async function commitContainer(
  engine: Engine,
  container: string,
  tag: string,
): Promise<CommittedContainer> {
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
  return { from: facts.Image.includes(':') ? facts.Image : `sha256:${facts.Image}` };
}
