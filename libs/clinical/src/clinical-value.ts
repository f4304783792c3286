/** One value of a clinical record, or one that was computed from the images. */
export type ClinicalValue =
  | {
      readonly kind: 'number';
      readonly value: number;
      /** As Python's `str()` shows it: `1` and `1.0` differ. */
      readonly text: string;
    }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'missing' };

/** A patient's values by the field's name. */
export type ClinicalRecord = Readonly<Record<string, ClinicalValue>>;

export const MISSING: ClinicalValue = { kind: 'missing' };

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

/** The number that a value is or spells; undefined for any other and for an infinite one. */
export function numberOf(value: ClinicalValue): number | undefined {
  switch (value.kind) {
    case 'number':
      return Number.isFinite(value.value) ? value.value : undefined;
    case 'boolean':
      return Number(value.value);
    case 'text': {
      const number = numberIn(value.text);
      return number !== undefined && Number.isFinite(number) ? number : undefined;
    }
    case 'missing':
      return undefined;
  }
}

/** The number that a text spells in decimal digits. */
export function numberIn(text: string): number | undefined {
  const trimmed = text.trim();
  return NUMBER.test(trimmed) ? Number(trimmed) : undefined;
}
