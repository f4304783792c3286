import { Type, type Static } from 'typebox';
import { numberIn, type ClinicalValue } from '../clinical-value.ts';
import { closed, of, type EncoderKind } from './encoder.ts';

export const ONE_HOT_SCHEMA = Type.Object(
  {
    encode: Type.Literal('one-hot'),
    of,
    categories: Type.Array(Type.String({ maxLength: 200 }), {
      minItems: 1,
      maxItems: 1000,
      uniqueItems: true,
      description: 'Texts in the order of their columns.',
    }),
    missing: Type.String({
      description:
        'The text that stands for a missing value. One that is not among the categories gives 0 in ' +
        'all columns, and a warning.',
    }),
    numbers: Type.Optional(
      Type.Enum(['as-written', 'normalised'], {
        default: 'as-written',
        description:
          '`as-written`: a number is the text that Python shows for it, so that 1 and 1.0 are two ' +
          'categories, as in the challenge\'s own containers. `normalised`: 1, 1.0, "1" and "1.0" ' +
          'are one.',
      }),
    ),
  },
  {
    ...closed,
    description: 'One column per category: 1 in that of the value, 0 in all others.',
  },
);

export type OneHotConfig = Static<typeof ONE_HOT_SCHEMA>;

/** As pandas' get_dummies with fixed columns and scikit-learn's OneHotEncoder that ignores. */
export const oneHotEncoder: EncoderKind<OneHotConfig> = {
  names: (config) => config.categories.map((category) => `${config.of}_${category}`),
  encode(value, config) {
    const text = textOf(value) ?? config.missing;
    const columns = columnsOf(text, config.categories, config.numbers ?? 'as-written');
    if (columns.includes(1)) return { numbers: columns };
    return { numbers: columns, warning: unseen(value, text, config) };
  },
};

function columnsOf(
  text: string,
  categories: readonly string[],
  numbers: 'as-written' | 'normalised',
): number[] {
  if (numbers === 'as-written') return categories.map((category) => Number(category === text));
  const wanted = normalisedCategory(text);
  const first = categories.findIndex((category) => normalisedCategory(category) === wanted);
  return categories.map((_, i) => Number(i === first));
}

function unseen(value: ClinicalValue, text: string, config: OneHotConfig): string {
  const zeros = `all columns of "${config.of}" are 0`;
  if (value.kind === 'missing') {
    return `${zeros}: it is missing, and the model was not trained with "${config.missing}"`;
  }
  const hint = columnsOf(text, config.categories, 'normalised').includes(1)
    ? ' as it is written, only as a number; "numbers": "normalised" in the recipe would take it'
    : '';
  return `${zeros}: the model was not trained with this value${hint}`;
}

function textOf(value: ClinicalValue): string | undefined {
  switch (value.kind) {
    case 'number':
    case 'text':
      return value.text;
    case 'boolean':
      return value.value ? 'True' : 'False';
    case 'missing':
      return undefined;
  }
}

/** What tells normalised categories apart: a number's value, a text without blanks around it. */
export function normalisedCategory(text: string): string {
  const number = numberIn(text);
  // -0 and 0 are one number.
  return number === undefined ? text.trim() : String(number + 0);
}
