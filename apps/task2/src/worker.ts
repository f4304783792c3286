import {
  CLASS,
  COX,
  FUSION,
  ICARE,
  RISK,
  servePrediction,
  SURVIVAL_TREES,
} from '@hecktor/pipeline/worker';

servePrediction([ICARE, RISK, COX, SURVIVAL_TREES, CLASS, FUSION]);
