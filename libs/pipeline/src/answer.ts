/** A class, and how likely it is. */
export interface ClassAnswer {
  readonly value: boolean | string;
  /** Of `true`; of an answer that is the name of a class, of each class by its name. */
  readonly probability: number | Readonly<Record<string, number>>;
}

/** What a stage answers: a risk, where higher is earlier recurrence, or a class. */
export type Answer = number | ClassAnswer;

/** The answer itself, as an output takes it. */
export function valueOf(answer: Answer): number | boolean | string {
  return typeof answer === 'number' ? answer : answer.value;
}

/** The number of an answer: a risk, or the probability of `true`; else that of each class. */
export function numberOf(answer: Answer): number | Readonly<Record<string, number>> {
  return typeof answer === 'number' ? answer : answer.probability;
}

/** The numbers of a stage's answer by the names that features take them by. */
export function answerValues(name: string, answer: Answer): Record<string, number> {
  const number = numberOf(answer);
  if (typeof number === 'number') return { [`stage.${name}`]: number };
  return Object.fromEntries(
    Object.entries(number).map(([one, value]) => [`stage.${name}.${one}`, value]),
  );
}

/** The class of the largest probability among some, the first of equals. */
export function likeliest(
  probabilities: Readonly<Record<string, number>>,
  among: readonly string[],
): string {
  return among.reduce((best, name) => (probabilities[name]! > probabilities[best]! ? name : best));
}
