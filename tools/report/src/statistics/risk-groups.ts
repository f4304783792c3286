/**
 * Patients in groups of about the same size by rising risk. Equal risks stay together, so that there
 * may be fewer groups than asked for.
 */
export function riskGroups<T extends { readonly risk: number }>(
  patients: readonly T[],
  count: number,
): T[][] {
  const risks = patients.map(({ risk }) => risk).sort((a, b) => a - b);
  const cuts = Array.from({ length: count - 1 }, (_, i) => {
    return risks[Math.ceil(((i + 1) * risks.length) / count) - 1]!;
  });
  const groups = Array.from({ length: count }, (): T[] => []);
  for (const one of patients) groups[cuts.filter((cut) => one.risk > cut).length]!.push(one);
  return groups.filter((group) => group.length > 0);
}
