/** One value of a clinical record, or one that was computed from the images. */
export type ClinicalValue =
  /** `text`: as Python's `str()` shows it: `1` and `1.0` differ. */
  | { readonly kind: 'number'; readonly value: number; readonly text: string }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'missing' };

/** A patient's values by the field's name. */
export type ClinicalRecord = Readonly<Record<string, ClinicalValue>>;

export const MISSING: ClinicalValue = { kind: 'missing' };

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

/** The number that a value is or spells; undefined for any other and for an infinite one. */
export function numberOf(value: ClinicalValue): number | undefined {
  if (value.kind === 'missing') return undefined;
  const number = value.kind === 'text' ? numberIn(value.text) : Number(value.value);
  return Number.isFinite(number) ? number : undefined;
}

/** The number that a text spells in decimal digits. */
export function numberIn(text: string): number | undefined {
  const trimmed = text.trim();
  return NUMBER.test(trimmed) ? Number(trimmed) : undefined;
}
/**
 * How Python shows a number that it read from JSON, which is what encoders fitted in Python compare:
 * an integer by its digits, a float as `repr` does (`1.0`, `1e-05`, `1e+16`).
 *
 * @param token - The number as JSON writes it.
 */
export function pythonText(token: string): string {
  if (!/[.e]/i.test(token)) return token === '-0' ? '0' : token;
  const value = Number(token);
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  const sign = value < 0 || Object.is(value, -0) ? '-' : '';
  const [mantissa, power] = Math.abs(value).toExponential().split('e') as [string, string];
  const exponent = Number(power);
  if (exponent < -4 || exponent >= 16) {
    return `${sign}${mantissa}e${exponent < 0 ? '-' : '+'}${power.slice(1).padStart(2, '0')}`;
  }
  return sign + fixed(mantissa.replace('.', ''), exponent);
}

function fixed(digits: string, exponent: number): string {
  if (exponent < 0) return `0.${'0'.repeat(-exponent - 1)}${digits}`;
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, '0');
  return `${whole}.${digits.slice(exponent + 1) || '0'}`;
}
