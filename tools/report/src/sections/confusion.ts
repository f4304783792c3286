import type { CaseScore, Score } from '@hecktor/cohort';
import { markup, type Markup } from '../markup.ts';
import { count, table, type Column } from '../table.ts';
import { scoreCell } from './scores.ts';

/** The class of a patient, and what was predicted. */
interface Classified {
  readonly truth: string;
  /** Undefined: none was predicted. */
  readonly prediction: string | undefined;
}

/** The class of a case that has one; yes and no are `positive` and `negative`. */
export function classOf(score: Partial<CaseScore>): Classified | undefined {
  const { classification, namedClass } = score;
  if (classification === undefined) return namedClass;
  const word = (value: boolean) => (value ? 'positive' : 'negative');
  const { truth, prediction } = classification;
  return {
    truth: word(truth),
    prediction: prediction === undefined ? undefined : word(prediction),
  };
}

/** Patients by their class and the predicted one, with each class's recall. */
export function confusionTable(
  classes: readonly string[],
  patients: readonly Classified[],
  recallOf: (name: string) => Score | undefined,
): Markup {
  const isPredicted = (name: string | undefined) =>
    patients.some(({ prediction }) => prediction === name);
  const predicted = isPredicted(undefined) ? [...classes, undefined] : classes;
  return table<string>(
    [
      { name: 'Truth', value: (truth) => truth },
      ...predicted.map((name): Column<string> => {
        const both = (truth: string) =>
          patients.filter((one) => one.truth === truth && one.prediction === name).length;
        return {
          name: name === undefined ? 'No prediction' : `Predicted ${name}`,
          value: both,
          cell: (truth) => (truth === name ? markup`<strong>${both(truth)}</strong>` : both(truth)),
        };
      }),
      {
        name: 'Recall',
        value: (truth) => recallOf(truth)?.value ?? NaN,
        cell: (truth) => scoreCell(recallOf(truth)),
      },
    ],
    classes,
    {
      caption: `Confusion matrix of ${count(patients.length, 'patient')}; recalls with 95 % intervals`,
    },
  );
}

/** Of each class, by its name; undefined where none are known. */
export type Probabilities = Readonly<Record<string, number>> | undefined;

/** Confusion matrix of named classes, and each patient's probabilities where any are known. */
export function namedClasses(
  classes: readonly string[],
  cases: readonly CaseScore[],
  scores: readonly Score[],
  probabilitiesOf: (id: string) => Probabilities = () => undefined,
): Markup {
  const rows = cases.flatMap(({ id, centre, namedClass }) =>
    namedClass === undefined
      ? []
      : [{ id, centre, ...namedClass, probabilities: probabilitiesOf(id) }],
  );
  const isKnown = rows.some(({ probabilities }) => probabilities !== undefined);
  const ofClass = (name: string): Column<(typeof rows)[number]> => ({
    name: `Probability of ${name}`,
    value: ({ probabilities }) => probabilities?.[name] ?? NaN,
  });
  return markup`${confusionTable(classes, rows, (name) => scores.find((score) => score.name === `recall of ${name}`))}
${table<(typeof rows)[number]>(
  [
    { name: 'Case', value: ({ id }) => id },
    { name: 'Centre', value: ({ centre }) => centre },
    { name: 'Truth', value: ({ truth }) => truth },
    { name: 'Predicted', value: ({ prediction }) => prediction },
    ...(isKnown ? classes.map(ofClass) : []),
  ],
  rows,
  { caption: `Classes of ${count(rows.length, 'patient')}`, sortable: true },
)}`;
}
