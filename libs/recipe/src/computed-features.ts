import { DOSE_FEATURE_NAMES, MASK_FEATURE_NAMES } from '@hecktor/features';
import { suggestion } from '@hecktor/errors';

/** The share of a target that gets at least so many Gy. */
const VOLUME_AT = /^(dose\.(?:GTVp|GTVn|GTV)\.V)(\d+(?:\.\d+)?)$/;

/** Whether a feature is worked out from images, by its name. */
export function isComputed(of: string): boolean {
  return of.startsWith('mask.') || of.startsWith('dose.');
}

/** What is wrong with the name of a computed feature, as the end of a sentence. */
export function nameFault(of: string): string | undefined {
  const known = [...MASK_FEATURE_NAMES, ...DOSE_FEATURE_NAMES];
  if (known.includes(of)) return undefined;
  const [, start, gray] = VOLUME_AT.exec(of) ?? [];
  if (gray === undefined) return `which is no computed feature${suggestion(of, known)}`;
  const plain = `${start}${Number(gray)}`;
  return plain === of ? undefined : `expected "${plain}"`;
}

/** The doses in Gy for which `dose.<target>.V<Gy>` is wanted. */
export function doseThresholds(names: readonly string[]): number[] {
  const found = names.flatMap((name) => {
    const gray = VOLUME_AT.exec(name)?.[2];
    return gray === undefined ? [] : [Number(gray)];
  });
  return [...new Set(found)];
}
