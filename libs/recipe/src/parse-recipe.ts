import { explainSchemaErrors, HecktorError, type ErrorFacts } from '@hecktor/errors';
import { Ajv, type ValidateFunction } from 'ajv';
import { checkRecipe } from './check-recipe.ts';
import type { PredictionApp } from './check-prediction.ts';
import { RECIPE_SCHEMAS, type RecipeOf, type RecipeKind } from './recipe-schema.ts';

/** Options of {@link parseRecipe}. */
export interface ParseRecipeOptions<T extends RecipeKind> {
  /** What the recipe must be for. */
  kind: T;
  /** Names of the images that a case has. Default: ct and pet. */
  images?: readonly string[];
  /** What a prediction recipe must be for; absent: any of its heads and inputs will do. */
  app?: PredictionApp;
  /** File for the error message. */
  file?: string;
}

const MAX_FAULTS = 5;
const validators = new Map<RecipeKind, ValidateFunction>();

/**
 * Reads a recipe from its JSON text and fills in what it leaves to the defaults.
 *
 * @throws HecktorError RECIPE_INVALID naming each faulty field, what it may be and, for a misspelt
 * key or name, the one that was probably meant.
 */
export function parseRecipe<T extends RecipeKind>(
  text: string,
  options: ParseRecipeOptions<T>,
): RecipeOf<T> {
  const { kind, images = ['ct', 'pet'], app, file } = options;
  const fail = (faults: readonly string[], facts: Partial<ErrorFacts> = {}): never => {
    const more = faults.length > MAX_FAULTS ? [`and ${faults.length - MAX_FAULTS} more`] : [];
    throw new HecktorError('RECIPE_INVALID', {
      ...(file !== undefined && { file }),
      detail: [...faults.slice(0, MAX_FAULTS), ...more].join('; '),
      ...facts,
    });
  };
  let recipe: unknown;
  try {
    recipe = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    const { message } = error as Error;
    return fail([`it is not JSON, ${message}${lineOf(message, text)}`], {
      cause: 'a comma, a quote or a bracket is missing or too many',
      fix: 'correct it at or just before that place; an editor with JSON support marks it',
      origin: error,
    });
  }
  const named = (recipe as { kind?: unknown } | null)?.kind;
  if (typeof named === 'string' && named !== kind && named in RECIPE_SCHEMAS) {
    return fail([`kind is "${named}", this container runs recipes of the kind "${kind}"`]);
  }
  const validate = validatorOf(kind);
  if (!validate(recipe))
    return fail(explainSchemaErrors(validate.errors ?? [], recipe, 'the recipe'));
  const checked = recipe as RecipeOf<T>;
  const faults = checkRecipe(checked, images, app);
  return faults.length > 0 ? fail(faults) : checked;
}

/** Node names a position in characters, and only newer versions the line too. */
function lineOf(message: string, text: string): string {
  const position = /position (\d+)/.exec(message)?.[1];
  if (position === undefined || message.includes('line ')) return '';
  const before = text.slice(0, Number(position)).split('\n');
  return ` (line ${before.length} column ${before.at(-1)!.length + 1})`;
}

function validatorOf(kind: RecipeKind): ValidateFunction {
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
    validator = ajv.compile(RECIPE_SCHEMAS[kind]);
    validators.set(kind, validator);
  }
  return validator;
}
