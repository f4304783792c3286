import { CLASS, FUSION, servePrediction } from '@hecktor/pipeline/worker';

servePrediction([CLASS, FUSION]);
