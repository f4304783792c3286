import type { CaseRow, RunResult, StudyInfo } from '../api.ts';
import { byId, element, fillSelect } from './dom.ts';

interface Order {
  readonly title: string;
  readonly of: (result: RunResult) => number;
}

/** The cases with the results of one run; search, filter and order are the reader's. */
export class CaseList {
  readonly #study: StudyInfo;
  readonly #orders: readonly Order[];
  readonly #onSelect: (id: string) => void;
  #shown: readonly CaseRow[] = [];
  #run = 0;
  #selected: string | undefined;

  constructor(study: StudyInfo, onSelect: (id: string) => void) {
    this.#study = study;
    this.#onSelect = onSelect;
    this.#orders = ordersOf(study.cases.flatMap(({ results }) => results));
    fillSelect('sort', ['by case', ...this.#orders.map(({ title }) => title)]);
    for (const id of ['search', 'filter', 'sort'])
      byId(id).addEventListener('input', () => this.#draw());
  }

  /** Shows the results of a run and which case is open. */
  update(run: number, selected: string | undefined): void {
    this.#run = run;
    this.#selected = selected;
    this.#draw();
    byId('cases').querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest' });
  }

  /** The id of the case so many places further on in the list as it is shown. */
  neighbour(id: string | undefined, step: number): string | undefined {
    const at = this.#shown.findIndex((one) => one.id === id);
    return this.#shown[at < 0 ? 0 : at + step]?.id;
  }

  #draw(): void {
    const text = byId<HTMLInputElement>('search').value.trim().toLowerCase();
    const filter = byId<HTMLSelectElement>('filter').value;
    const order = this.#orders[byId<HTMLSelectElement>('sort').selectedIndex - 1];
    const result = ({ results }: CaseRow) => results[this.#run];
    const number = (one: CaseRow) => (result(one) === undefined ? NaN : order!.of(result(one)!));
    const { cases } = this.#study;
    const found = cases.filter(
      (one) => one.id.toLowerCase().includes(text) && passes(filter, result(one)),
    );
    // Cases without the number come last.
    this.#shown =
      order === undefined ? found : found.sort((a, b) => rank(number(a)) - rank(number(b)) || 0);
    byId('count').textContent = `${this.#shown.length} of ${cases.length} cases`;
    byId('cases').replaceChildren(...this.#shown.map((one) => this.#item(one.id, result(one))));
  }

  #item(id: string, result: RunResult | undefined): HTMLLIElement {
    const score = element(
      'span',
      { className: result?.failure === undefined ? 'score' : 'score failed' },
      summary(result),
    );
    const button = element('button', { type: 'button' }, element('span', {}, id), score);
    button.addEventListener('click', () => this.#onSelect(id));
    if (id === this.#selected) button.setAttribute('aria-current', 'true');
    return element('li', {}, button);
  }
}

const rank = (value: number) => (Number.isNaN(value) ? Number.MAX_VALUE : value);

/** Worst first; risks from the highest. */
function ordersOf(results: readonly RunResult[]): readonly Order[] {
  const labels = new Set(results.flatMap(({ dsc }) => Object.keys(dsc)));
  const orders = [...labels].map((label): Order => ({
    title: `by DSC of ${label}`,
    of: ({ dsc }) => dsc[label] ?? NaN,
  }));
  const numbers = results.flatMap(({ answers }) => answers.filter(({ number }) => number));
  for (const name of new Set(numbers.map(({ output }) => output))) {
    const of = ({ answers }: RunResult) =>
      -(answers.find(({ output }) => output === name)?.number ?? NaN);
    orders.push({ title: `by ${name}`, of });
  }
  return orders;
}

function passes(filter: string, result: RunResult | undefined): boolean {
  if (filter === 'failed') return result?.failure !== undefined;
  return filter === 'all' || (result !== undefined && result.errors > 0);
}

/** A result in a few signs. */
function summary(result: RunResult | undefined): string {
  if (result === undefined) return '';
  const { failure, answers, dsc } = result;
  if (failure !== undefined) return 'failed';
  const scores = Object.values(dsc).map((value) => value.toFixed(2));
  const said = answers.map(({ value, number, isWrong }) => {
    const verdict = isWrong === undefined ? '' : isWrong ? '\u00a0\u2717' : '\u00a0\u2713';
    return `${number?.toPrecision(3) ?? value}${verdict}`;
  });
  return [...scores, ...said].join('  ');
}
