import type { TaskOutput, ValueOutput } from './task.ts';

/** What an output holds that is one JSON value: a class by its name or number. */
export type JsonValue = number | boolean | string;

/** Whether an output may hold a value, as it is in its file. */
export function fitsOutput(output: ValueOutput, value: unknown): value is JsonValue {
  switch (output.kind) {
    case 'number': {
      const { minimum = -Infinity, maximum = Infinity } = output;
      return Number.isFinite(value) && Number(value) >= minimum && Number(value) <= maximum;
    }
    case 'boolean':
      return typeof value === 'boolean';
    case 'class':
      return output.classes.some((name) => name === value);
  }
}

/** What an output may hold, in words. */
export function expectedValue(output: TaskOutput): string {
  switch (output.kind) {
    case 'label-map':
      return 'a label map';
    case 'number': {
      const { minimum, maximum } = output;
      const from = minimum === undefined ? '' : ` from ${minimum}`;
      const to = maximum === undefined ? '' : ` to ${maximum}`;
      return `one finite JSON number${from}${to}`;
    }
    case 'boolean':
      return 'JSON true or false';
    case 'class':
      return `one of ${output.classes.map((name) => JSON.stringify(name)).join(', ')}`;
  }
}

/**
 * A recipe's answer as the file of an output holds it: a class that is a number by that number, the
 * sign of a risk turned where the file wants it higher = later.
 */
export function inFile(output: ValueOutput, answer: JsonValue | undefined): JsonValue | undefined {
  switch (output.kind) {
    case 'number':
      return typeof answer === 'number' && output.higherIs === 'later' ? -answer : answer;
    case 'class':
      return output.classes.find((name) => String(name) === answer) ?? answer;
    case 'boolean':
      return answer;
  }
}
