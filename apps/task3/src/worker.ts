import { CLASS, servePrediction } from '@hecktor/pipeline/worker';

servePrediction([CLASS]);
