import { serveSegmentation } from '@hecktor/pipeline/worker';

serveSegmentation();
