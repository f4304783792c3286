import { runKernel } from '@hecktor/preprocessing';
import { serveKernels } from '@hecktor/runtime';

/**
 * A kernel thread of preprocessing. Call it in the entry file of those threads. (An entry of its
 * own: through that of the compute thread the bundler would give such a thread its code, too.)
 */
export function servePreprocessing(): void {
  serveKernels(runKernel);
}
