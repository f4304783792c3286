import { Type, type Static } from 'typebox';
import { closed } from './common-schema.ts';
import { among, FusionHead } from './fusion-schema.ts';

const combine = Type.Optional(
  Type.Enum(['median', 'mean', 'weighted-mean', 'best'], {
    default: 'median',
    description:
      'How the risks of several networks become one. `weighted-mean` uses the weights of the ' +
      'models; `best` takes the one of the highest weight, the first of equals.',
  }),
);

const IcareHead = Type.Object(
  {
    kind: Type.Literal('icare', { description: 'Selects this head.' }),
    file: Type.String({
      minLength: 1,
      description:
        'The fitted survival models, relative to this recipe: one fold for each network, in the ' +
        'order of `models`. Without `models` each fold gets the vector of `features`.',
    }),
    combine,
  },
  {
    ...closed,
    description:
      'Task 2: each network gives features, and a bag of ICARE estimators turns them into a risk. ' +
      'Higher is earlier recurrence.',
  },
);

const RiskHead = Type.Object(
  {
    kind: Type.Literal('risk', { description: 'Selects this head.' }),
    higherIs: Type.Enum(['earlier', 'later'], {
      description:
        'What a higher output of the network means: `earlier` recurrence, as the challenge wants ' +
        'it, or `later` (a time, say), whose sign is turned.',
    }),
    column: Type.Optional(
      Type.Integer({
        minimum: 0,
        description:
          'Which number of the output is the risk, from 0, where there are several, such as the ' +
          'probabilities of a classifier. Without it the output is one number.',
      }),
    ),
    combine,
  },
  { ...closed, description: 'Task 2: the output of the network is the risk itself.' },
);

const higherIs = Type.Optional(
  Type.Enum(['earlier', 'later'], {
    default: 'earlier',
    description:
      'What a higher number means: `earlier` recurrence, or `later` (a time), whose sign is turned.',
  }),
);
const combineFolds = Type.Optional(
  Type.Enum(['median', 'mean'], {
    default: 'median',
    description: 'How the risks of several files become one.',
  }),
);
const fittedFiles = (what: string) =>
  Type.Array(Type.String({ minLength: 1 }), {
    minItems: 1,
    maxItems: 64,
    description: `${what}, relative to this recipe; several are the folds of an ensemble.`,
  });

const CoxHead = Type.Object(
  {
    kind: Type.Literal('cox', { description: 'Selects this head.' }),
    files: fittedFiles('Cox models as plain numbers (`.json`)'),
    higherIs,
    combine: combineFolds,
  },
  { ...closed, description: 'The vector of `features` goes through Cox models; without networks.' },
);

const TreesHead = Type.Object(
  {
    kind: Type.Literal('survival-trees', { description: 'Selects this head.' }),
    files: fittedFiles('Survival forests or boosted survival trees (`.trees`)'),
    higherIs,
    combine: combineFolds,
  },
  {
    ...closed,
    description: 'The vector of `features` goes through survival trees; without networks.',
  },
);

const ClassHead = Type.Object(
  {
    kind: Type.Literal('class', { description: 'Selects this head.' }),
    positive: Type.Optional(
      Type.Enum([0, 1], {
        description:
          'Of an answer `true` or `false`: index of the logit that stands for `true`, HPV positive.',
      }),
    ),
    classes: Type.Optional(
      Type.Array(Type.String({ minLength: 1, maxLength: 100 }), {
        minItems: 2,
        maxItems: 256,
        uniqueItems: true,
        description:
          'Instead of `positive`, for an answer that is a class: their names in the order of the ' +
          'logits, e.g. `["T1", "T2", "T3", "T4"]`.',
      }),
    ),
    among: among('trained with'),
    gives: Type.Optional(
      Type.Enum(['logits', 'probabilities', 'logit', 'probability'], {
        default: 'logits',
        description:
          'What the network gives: a logit or a probability of each class, or one number, the logit ' +
          'or the probability of the class `positive`. Probabilities are averaged as they are.',
      }),
    ),
    decide: Type.Union(
      [
        Type.Literal('argmax'),
        Type.Object(
          {
            threshold: Type.Number({
              exclusiveMinimum: 0,
              exclusiveMaximum: 1,
              description: 'Lowest probability of the positive class that is `true`.',
            }),
          },
          closed,
        ),
      ],
      {
        description:
          'When the answer is `true`: `"argmax"`, if the positive class has the larger value (class ' +
          '0 on a tie), or `{"threshold": t}`, if its probability is at least t. With `classes` it ' +
          'is `"argmax"`: the largest value, the first of equals.',
      },
    ),
    combine: Type.Optional(
      Type.Enum(['mean-logits', 'mean-probabilities'], {
        default: 'mean-logits',
        description: 'What is averaged over several networks, by the weights of the models.',
      }),
    ),
  },
  {
    ...closed,
    description:
      'The network says how likely each class is. Task 3: two logits, of which one is HPV positive.',
  },
);

/** The schema of each head, by the word in its key `kind`. */
export const HEAD_SCHEMAS = {
  icare: IcareHead,
  risk: RiskHead,
  cox: CoxHead,
  'survival-trees': TreesHead,
  class: ClassHead,
  fusion: FusionHead,
} as const;

/**
 * How many numbers each network must give for a head; null where nothing says so.
 *
 * @param fitted - Features that the survival model of the network's fold was fitted on.
 */
export function outputWidth(head: Head, fitted?: number): number | null {
  switch (head.kind) {
    case 'icare':
      return fitted ?? null;
    case 'risk':
      return head.column === undefined ? 1 : null;
    case 'class':
      return head.gives === 'logit' || head.gives === 'probability'
        ? 1
        : (head.classes?.length ?? 2);
    case 'cox':
    case 'survival-trees':
    case 'fusion':
      return null;
  }
}

/** What a head may be. */
export type HeadKind = keyof typeof HEAD_SCHEMAS;
/** How the outputs of the networks become the answer. */
export type Head = Static<(typeof HEAD_SCHEMAS)[HeadKind]>;
/** One kind of head. */
export type HeadOf<K extends HeadKind> = Static<(typeof HEAD_SCHEMAS)[K]>;
