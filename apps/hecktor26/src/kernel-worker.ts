import { servePreprocessing } from '@hecktor/pipeline/kernels';

servePreprocessing();
