import { servePrediction } from '@hecktor/pipeline/worker';

servePrediction();
