import { parseClinicalRecord, type ParsedRecord } from '@hecktor/clinical';
import { readJsonText } from './read-json.ts';

/**
 * Reads a clinical record, an object of values by name.
 *
 * @throws HecktorError INPUT_JSON_INVALID
 */
export function readClinicalRecord(path: string): ParsedRecord {
  return parseClinicalRecord(readJsonText(path), { file: path });
}
