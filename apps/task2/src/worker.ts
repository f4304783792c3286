import { serveRisk } from '@hecktor/pipeline/worker';

serveRisk();
