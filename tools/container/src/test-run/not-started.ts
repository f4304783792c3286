import { HecktorError } from '@hecktor/errors';
import { engineWords } from '../engine/open-engine.ts';

/**
 * Why a container did not start: limits that this machine cannot give, or what the engine says.
 *
 * @param stderr - What the engine's command wrote.
 */
export function notStarted(stderr: string): HecktorError {
  const cpus = /range of cpus is from [\d.]+ to ([\d.]+)/i.exec(stderr)?.[1];
  if (cpus !== undefined) {
    return new HecktorError('OPTION_INVALID', {
      detail: `the engine has ${Number(cpus)} CPUs, fewer than the container is to get`,
      cause: 'a small machine, or a desktop engine that was given few CPUs',
      fix: `give --cpus=${Number(cpus)}, or the engine more CPUs in its settings; times will differ from the platform's`,
    });
  }
  const memory = /minimum memory limit allowed is (\w+)/i.exec(stderr)?.[1];
  if (memory !== undefined) {
    return new HecktorError('OPTION_INVALID', {
      detail: `the memory limit is below the least that the engine takes, ${memory}`,
      cause: '--memory without its unit meant, such as 16k for 16g',
      fix: 'give --memory=16g, or leave it out',
    });
  }
  return new HecktorError('ENGINE_FAILED', {
    detail: `the container did not start: ${engineWords(stderr)}`,
  });
}
