import { explainSchemaErrors, HecktorError, type ErrorFacts } from '@hecktor/errors';
import { Ajv, type ValidateFunction } from 'ajv';
import type { RecipeFormat, RecipeKind, RecipeOf, RecipeTask } from './recipe-format.ts';

/** Options of {@link parseRecipe}. */
export interface ParseRecipeOptions {
  /** The task that runs the recipe; absent: any heads and optional inputs will do. */
  readonly task?: RecipeTask;
  /** File for the error message. */
  readonly file?: string;
}

const MAX_FAULTS = 5;
const KINDS: readonly string[] = ['segmentation', 'prediction'] satisfies RecipeKind[];
const validators = new Map<RecipeKind, ValidateFunction>();

/**
 * Reads a recipe from its JSON text and fills in what it leaves to the defaults.
 *
 * @throws HecktorError RECIPE_INVALID naming each faulty field, what it may be and, for a misspelt
 * key or name, the one that was probably meant.
 */
export function parseRecipe<K extends RecipeKind>(
  text: string,
  format: RecipeFormat<K>,
  { task, file }: ParseRecipeOptions = {},
): RecipeOf<K> {
  const fail = (faults: readonly string[], facts: Partial<ErrorFacts> = {}): never => {
    const more = faults.length > MAX_FAULTS ? [`and ${faults.length - MAX_FAULTS} more`] : [];
    throw new HecktorError('RECIPE_INVALID', {
      ...(file !== undefined && { file }),
      detail: [...faults.slice(0, MAX_FAULTS), ...more].join('; '),
      ...facts,
    });
  };
  const json = text.replace(/^\uFEFF/, '');
  let recipe: unknown;
  const infinite: string[] = [];
  try {
    recipe = JSON.parse(json, (key: string, value: unknown) => {
      if (typeof value === 'number' && !Number.isFinite(value)) infinite.push(key);
      return value;
    });
  } catch (error) {
    const { message } = error as Error;
    return fail([`it is not JSON, ${message}${lineOf(message, json)}`], {
      cause: 'a comma, a quote or a bracket is missing or too many',
      fix: 'correct it at or just before that place; an editor with JSON support marks it',
      origin: error,
    });
  }
  if (infinite.length > 0) {
    return fail(infinite.map((key) => `"${key}" is a number larger than any double (1.8e308)`));
  }
  const twice = duplicateKeys(json);
  if (twice.length > 0) {
    return fail(
      twice.map(({ key, line }) => `the key "${key}" is there twice, again in line ${line}`),
      { cause: 'a field was copied and only one of the two changed', fix: 'remove one of the two' },
    );
  }
  const named = (recipe as { kind?: unknown } | null)?.kind;
  if (typeof named === 'string' && named !== format.kind && KINDS.includes(named)) {
    return fail([`kind is "${named}", this container runs recipes of the kind "${format.kind}"`]);
  }
  const validate = validatorOf(format);
  if (!validate(recipe))
    return fail(explainSchemaErrors(validate.errors ?? [], recipe, 'the recipe'));
  const checked = recipe as RecipeOf<K>;
  const faults = format.check(checked, task);
  return faults.length > 0 ? fail(faults) : checked;
}

/** Node names a position in characters, and only newer versions the line too. */
function lineOf(message: string, text: string): string {
  const position = /position (\d+)/.exec(message)?.[1];
  if (position === undefined || message.includes('line ')) return '';
  const before = text.slice(0, Number(position)).split('\n');
  return ` (line ${before.length} column ${before.at(-1)!.length + 1})`;
}

function validatorOf({ kind, schema }: Pick<RecipeFormat<RecipeKind>, 'kind' | 'schema'>) {
  let validator = validators.get(kind);
  if (validator === undefined) {
    const ajv = new Ajv({
      allErrors: true,
      verbose: true,
      discriminator: true,
      useDefaults: true,
      strict: false,
      // Ours, and checked against the meta schema in tests: that takes longer than all the rest.
      validateSchema: false,
    });
    validator = ajv.compile(schema);
    validators.set(kind, validator);
  }
  return validator;
}

/** A key that an object has twice, and the line of its second place. */
interface DuplicateKey {
  readonly key: string;
  readonly line: number;
}

/** A text, or a sign that changes the object one is in; what lies between is passed over. */
const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\]:]/g;

/**
 * The keys that objects of a JSON text have twice. `JSON.parse` takes the last one without a word.
 *
 * @param text - Valid JSON.
 */
function duplicateKeys(text: string): DuplicateKey[] {
  const found: DuplicateKey[] = [];
  const open: Set<string>[] = [];
  let last: { text: string; index: number } | undefined;
  for (const { 0: token, index } of text.matchAll(TOKEN)) {
    if (token === '{' || token === '[') open.push(new Set());
    else if (token === '}' || token === ']') open.pop();
    else if (token === ':' && last !== undefined) {
      const key = JSON.parse(last.text) as string;
      const keys = open.at(-1)!;
      if (keys.has(key)) found.push({ key, line: text.slice(0, last.index).split('\n').length });
      keys.add(key);
    } else last = { text: token, index };
  }
  return found;
}
