import { Ajv } from 'ajv';
import type { Label } from '@hecktor/case-io';
import { explainSchemaErrors, HecktorError } from '@hecktor/errors';
import { RULES, type PostprocessingRule } from '@hecktor/postprocessing';

/** A rule of a recipe with several values of one of its fields. */
export interface RuleSweep {
  readonly label: Label;
  readonly field: string;
  readonly values: readonly number[];
  readonly ruleOf: (value: number) => PostprocessingRule;
}

const AJV = new Ajv({ allErrors: true, verbose: true, strict: false });

/** What is swept of each label unless a rule is named; mm³, mm, SUV and numbers of lesions. */
const USUAL = [
  { step: 'remove-small-components', minVolume: [50, 100, 200, 500, 1000] },
  { step: 'remove-small-components', minDiameter: [4, 6, 8, 10, 12] },
  { step: 'remove-low-uptake-components', minSUVpeak: [1.5, 2, 2.5, 3, 4] },
  { step: 'remove-low-uptake-components', minSUVmax: [2, 2.5, 3, 4, 5] },
  { step: 'keep-largest-component', components: [1, 2, 3, 5, 10] },
] as const;

/**
 * What `--sweep` asks for: `all`, or a rule as in a recipe with a list of values in one of its fields.
 *
 * @param hasImage Whether all patients have an image; of `all`, rules without theirs are left out.
 * @throws HecktorError OPTION_INVALID
 */
export function parseSweep(
  text: string,
  labels: readonly Label[],
  hasImage: (name: string) => boolean,
): RuleSweep[] {
  if (text === 'all') {
    const rules = USUAL.filter(({ step }) => !step.includes('uptake') || hasImage('pet'));
    return labels.flatMap((label) =>
      rules.map((rule) => sweepOf({ ...rule, label: label.value }, labels)),
    );
  }
  try {
    return [sweepOf(JSON.parse(text) as Record<string, unknown>, labels)];
  } catch (error) {
    if (error instanceof HecktorError) throw error;
    throw invalid(`it is neither 'all' nor JSON: ${(error as Error).message}`);
  }
}

function sweepOf(rule: Readonly<Record<string, unknown>>, labels: readonly Label[]): RuleSweep {
  const [field, second] = Object.keys(rule).filter((key) => Array.isArray(rule[key]));
  if (field === undefined || second !== undefined) {
    throw invalid('expected a list of values in one field of the rule');
  }
  const label = labels.find(({ value }) => value === rule['label']);
  if (label === undefined) {
    throw invalid(`label: expected one of ${labels.map(({ value }) => value).join(', ')}`);
  }
  const values = rule[field] as readonly number[];
  const rules = values.map((value) => checked({ ...rule, [field]: value }));
  return { label, field, values, ruleOf: (value) => rules[values.indexOf(value)]! };
}

function checked(rule: Readonly<Record<string, unknown>>): PostprocessingRule {
  const step = String(rule['step']);
  if (!Object.hasOwn(RULES, step)) {
    throw invalid(`step: expected one of ${Object.keys(RULES).join(', ')}, got '${step}'`);
  }
  // It keeps what it has compiled, by schema.
  if (AJV.validate(RULES[step as keyof typeof RULES].schema, rule)) {
    return rule as PostprocessingRule;
  }
  throw invalid(explainSchemaErrors(AJV.errors ?? [], rule, 'the rule').join('; '));
}

function invalid(detail: string): HecktorError {
  return new HecktorError('OPTION_INVALID', { detail: `--sweep: ${detail}` });
}
