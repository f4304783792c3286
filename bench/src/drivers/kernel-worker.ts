import { runKernel } from '@hecktor/preprocessing';
import { serveKernels } from '@hecktor/runtime';

serveKernels(runKernel);
