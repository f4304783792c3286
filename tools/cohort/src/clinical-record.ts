import { isMissing } from './table.ts';

/**
 * The clinical record of a row: numbers as JSON numbers, missing values and `hidden` left out.
 *
 * @param hidden Columns in small letters: the truth, and the patient's name.
 */
export function clinicalRecord(
  row: Readonly<Record<string, string>>,
  hidden: readonly string[],
): Record<string, number | string> {
  const kept = Object.entries(row).filter(
    ([name, text]) => !hidden.includes(name.toLowerCase()) && !isMissing(text),
  );
  return Object.fromEntries(
    kept.map(([name, text]) => [name, Number.isFinite(Number(text)) ? Number(text) : text]),
  );
}
