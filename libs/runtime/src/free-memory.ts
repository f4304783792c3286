import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/**
 * Collects garbage of the calling thread now. Voxels lie outside of V8's heap, which hardly feels
 * their weight: images that are done with would stay beside the activations of a network.
 */
export function freeMemory(): void {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
}
