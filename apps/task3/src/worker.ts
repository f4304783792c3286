import { servePreparation } from '@hecktor/pipeline/worker';

servePreparation();
