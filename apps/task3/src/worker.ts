import { serveHpv } from '@hecktor/pipeline/worker';

serveHpv();
