import { Type, type Static } from 'typebox';
import { closed } from './common-schema.ts';

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
        'order of `models`.',
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
    combine,
  },
  { ...closed, description: 'Task 2: the output of the network is the risk itself.' },
);

const ClassHead = Type.Object(
  {
    kind: Type.Literal('class', { description: 'Selects this head.' }),
    positive: Type.Enum([0, 1], {
      description: 'Index of the logit that stands for `true`, HPV positive.',
    }),
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
          '0 on a tie), or `{"threshold": t}`, if its probability is at least t.',
      },
    ),
    combine: Type.Optional(
      Type.Enum(['mean-logits', 'mean-probabilities'], {
        default: 'mean-logits',
        description: 'What is averaged over several networks, by the weights of the models.',
      }),
    ),
  },
  { ...closed, description: 'Task 3: the network gives two logits, of which one is HPV positive.' },
);

/** The schema of each head, by the word in its key `kind`. */
export const HEAD_SCHEMAS = { icare: IcareHead, risk: RiskHead, class: ClassHead } as const;

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
      return 1;
    case 'class':
      return 2;
  }
}

/** What a head may be. */
export type HeadKind = keyof typeof HEAD_SCHEMAS;
/** How the outputs of the networks become the answer. */
export type Head = Static<(typeof HEAD_SCHEMAS)[HeadKind]>;
/** One kind of head. */
export type HeadOf<K extends HeadKind> = Static<(typeof HEAD_SCHEMAS)[K]>;
