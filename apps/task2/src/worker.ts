import { ICARE, RISK, servePrediction } from '@hecktor/pipeline/worker';

servePrediction([ICARE, RISK]);
