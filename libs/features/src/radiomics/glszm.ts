import type { GreyLevels } from './grey-levels.ts';
import { bothWays, offsetsOf } from './neighbours.ts';
import type { Settings } from './params.ts';
import { named, SizeMatrix } from './size-matrix.ts';
import { GLSZM_NAMES } from './size-names.ts';

/** PyRadiomics' `glszm`: connected zones of one grey level. */
export function glszm(grey: GreyLevels, settings: Settings): Record<string, number> {
  const { voxels, levels } = grey;
  const strides = bothWays(offsetsOf(grey, { ...settings, distances: [1] }));
  const places = grey.places.slice();
  const zones = new SizeMatrix(voxels.length);
  const stack = new Int32Array(voxels.length);
  for (const first of voxels) {
    const place = places[first]!;
    if (place === 0) continue;
    let [top, size] = [0, 0];
    stack[top++] = first;
    places[first] = 0;
    while (top > 0) {
      const at = stack[--top]!;
      size++;
      for (let i = 0; i < strides.length; i++) {
        const next = at + strides[i]!;
        if (places[next] !== place) continue;
        places[next] = 0;
        stack[top++] = next;
      }
    }
    zones.add(place, size);
  }
  return named(zones.statistics(levels), GLSZM_NAMES);
}
