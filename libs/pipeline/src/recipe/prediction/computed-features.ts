import { nearMiss } from '../near-miss.ts';

const REGIONS = ['GTVp', 'GTVn', 'GTV'] as const;
const MASK = ['volume', 'MTV', 'TLG', 'SUVmax', 'SUVmean', 'SUVpeak', 'count', 'spread'];
const DOSE = ['mean', 'max', 'D95'];
/** Volume that gets at least so many Gy. */
const VOLUME_AT = /^V(\d+(?:\.\d+)?)$/;

/** Whether a feature is worked out from images, by its name. */
export function isComputed(of: string): boolean {
  return of.startsWith('mask.') || of.startsWith('dose.');
}

/** What is wrong with the name of a computed feature, as the end of a sentence. */
export function nameFault(of: string): string | undefined {
  const known = REGIONS.flatMap((region) => [
    ...MASK.map((name) => `mask.${region}.${name}`),
    ...DOSE.map((name) => `dose.${region}.${name}`),
  ]);
  if (known.includes(of) || of.startsWith('mask.distance.')) return undefined;
  const [kind, region, name = ''] = of.split('.');
  if (kind === 'dose' && REGIONS.some((each) => each === region) && VOLUME_AT.test(name)) {
    return undefined;
  }
  const near = nearMiss(of, known);
  return `which is no computed feature${near === undefined ? '' : ` (did you mean "${near}"?)`}`;
}

/** The doses in Gy for which `dose.<region>.V<Gy>` is wanted. */
export function doseThresholds(names: readonly string[]): number[] {
  const found = names.flatMap((name) => {
    const [kind, , last = ''] = name.split('.');
    const gray = VOLUME_AT.exec(name.slice(name.lastIndexOf('.V') + 1))?.[1];
    return kind === 'dose' && last.startsWith('V') && gray !== undefined ? [Number(gray)] : [];
  });
  return [...new Set(found)];
}
