import type { Lesion, Lesions } from '../phantom/lesions.ts';

/** The stages of a synthetic patient. */
export interface Stages {
  readonly t: 'T1' | 'T2' | 'T3' | 'T4';
  readonly n: 'N0' | 'N1' | 'N2' | 'N3';
}

/**
 * Stages by rules in the manner of TNM, of the lesions as drawn. T goes by the diameter of a ball of the
 * primary's size: above 20, 30 and 40 mm it is T2, T3 and T4. N0 has no node, N3 one of more than
 * 30 mm, N2 one on the other side than the primary, N1 is all else.
 */
export function stagesOf({ primary, nodes }: Lesions): Stages {
  const size = primary === undefined ? 0 : diameter(primary);
  const t = size > 40 ? 'T4' : size > 30 ? 'T3' : size > 20 ? 'T2' : 'T1';
  if (nodes.length === 0) return { t, n: 'N0' };
  if (nodes.some((node) => diameter(node) > 30)) return { t, n: 'N3' };
  const side = Math.sign(primary?.centre[0] ?? 0);
  return { t, n: nodes.some(({ centre }) => Math.sign(centre[0]) === -side) ? 'N2' : 'N1' };
}

/** Of a ball of the same volume, mm. */
function diameter({ radii: [x, y, z] }: Lesion): number {
  return 2 * Math.cbrt(x * y * z);
}
