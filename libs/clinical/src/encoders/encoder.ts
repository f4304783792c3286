import { Type } from 'typebox';
import type { ClinicalValue } from '../clinical-value.ts';

/** What an encoder makes of one value. */
export interface Encoded {
  readonly numbers: readonly number[];
  /** What a person should know; never quotes the value. */
  readonly warning?: string;
}

/** How one kind of entry of a recipe's `features` works. */
export interface EncoderKind<Config> {
  /** Names of the numbers that it gives, in their order. */
  readonly names: (config: Config) => readonly string[];
  readonly encode: (value: ClinicalValue, config: Config) => Encoded;
}

export const closed = { additionalProperties: false } as const;

export const of = Type.String({
  minLength: 1,
  maxLength: 200,
  description: 'Field of the clinical record ("Age"), or a computed value ("mask.GTVp.volume").',
});
