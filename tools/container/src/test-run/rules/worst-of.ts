import type { Finding, Verdict } from './finding.ts';

const WEIGHT: Readonly<Record<Verdict, number>> = {
  broken: 4,
  warning: 3,
  kept: 2,
  note: 1,
  unseen: 0,
};

/**
 * The findings of two runs in one list: of each rule the worse, and what was seen over what was not.
 *
 * @param where - Said of a row that only the second run gave reason for.
 */
export function worstOf(
  first: readonly Finding[],
  second: readonly Finding[],
  where: string,
): Finding[] {
  const isSame = (a: Finding, b: Finding) => a.rule === b.rule && a.title === b.title;
  const merged = first.map((row) => {
    const other = second.find((candidate) => isSame(candidate, row));
    if (other === undefined) return row;
    const gain = WEIGHT[other.verdict] - WEIGHT[row.verdict];
    if (gain > 0 && WEIGHT[other.verdict] > WEIGHT.kept) {
      return { ...other, observed: `${other.observed} (${where})` };
    }
    // Only the second run could see what was written.
    return gain > 0 || (gain === 0 && row.rule === 'writes') ? other : row;
  });
  return [...merged, ...second.filter((row) => !first.some((known) => isSame(known, row)))];
}
