import type { ErrorCode } from '@hecktor/errors';

/** The catalogue's entry for each rule of a test run that can be broken, by the rule's id. */
export const RULE_ERRORS: Readonly<Record<string, ErrorCode>> = {
  user: 'ROOT_USER',
  architecture: 'WRONG_ARCHITECTURE',
  'image-size': 'ARCHIVE_TOO_LARGE',
  exit: 'CHECK_FAILED',
  time: 'TIMEOUT',
  memory: 'OUT_OF_MEMORY',
  processes: 'TOO_MANY_PROCESSES',
  network: 'NETWORK_ATTEMPTED',
  writes: 'READ_ONLY_FILE_SYSTEM',
  'last-line': 'CHECK_FAILED',
  'output-files': 'OUTPUT_FILES_WRONG',
  'output-type': 'OUTPUT_TYPE_INVALID',
  'output-labels': 'OUTPUT_LABELS_INVALID',
  'output-grid': 'OUTPUT_GRID_MISMATCH',
  'output-plausible': 'OUTPUT_IMPLAUSIBLE',
  'same-result': 'RESULT_VARIES',
};
