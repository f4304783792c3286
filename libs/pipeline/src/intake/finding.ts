import type { IntakePolicy } from '@hecktor/recipe';

/** What is looked for, by the names of the recipe's `intake`. */
type IntakeCheck = keyof IntakePolicy;

/** Something that a CT and a PET of one patient do not show. */
export interface Finding {
  readonly check: IntakeCheck;
  /** What was seen and what it does to the answer, one sentence without any patient's data. */
  readonly text: string;
}
