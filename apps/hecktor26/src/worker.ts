import { CLASS, COX, RISK, servePrediction } from '@hecktor/pipeline/worker';

servePrediction([CLASS, COX, RISK]);
