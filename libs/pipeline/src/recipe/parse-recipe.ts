import { HecktorError } from '@hecktor/errors';
import { Ajv, type ValidateFunction } from 'ajv';
import { checkRecipe } from './check-recipe.ts';
import { explainErrors } from './explain-errors.ts';
import { RECIPE_SCHEMAS, type RecipeOf, type RecipeTask } from './recipe-schema.ts';

/** Options of {@link parseRecipe}. */
export interface ParseRecipeOptions<T extends RecipeTask> {
  /** What the recipe must be for. */
  task: T;
  /** Names of the images that a case has. Default: ct and pet. */
  images?: readonly string[];
  /** File for the error message. */
  file?: string;
}

const MAX_FAULTS = 5;
const validators = new Map<RecipeTask, ValidateFunction>();

/**
 * Reads a recipe from its JSON text and fills in what it leaves to the defaults.
 *
 * @throws HecktorError RECIPE_INVALID naming each faulty field, what it may be and, for a misspelt
 * key or name, the one that was probably meant.
 */
export function parseRecipe<T extends RecipeTask>(
  text: string,
  options: ParseRecipeOptions<T>,
): RecipeOf<T> {
  const { task, images = ['ct', 'pet'], file } = options;
  const fail = (faults: readonly string[], origin?: unknown): never => {
    const more = faults.length > MAX_FAULTS ? [`and ${faults.length - MAX_FAULTS} more`] : [];
    throw new HecktorError('RECIPE_INVALID', {
      ...(file !== undefined && { file }),
      detail: [...faults.slice(0, MAX_FAULTS), ...more].join('; '),
      origin,
    });
  };
  let recipe: unknown;
  try {
    recipe = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    return fail([`it is not JSON, ${(error as Error).message}`], error);
  }
  const named = (recipe as { task?: unknown } | null)?.task;
  if (typeof named === 'string' && named !== task && named in RECIPE_SCHEMAS) {
    return fail([`task is "${named}", this container runs recipes with the task "${task}"`]);
  }
  const validate = validatorOf(task);
  if (!validate(recipe)) return fail(explainErrors(validate.errors ?? [], recipe));
  const checked = recipe as RecipeOf<T>;
  const faults = checkRecipe(checked, images);
  return faults.length > 0 ? fail(faults) : checked;
}

function validatorOf(task: RecipeTask): ValidateFunction {
  let validator = validators.get(task);
  if (validator === undefined) {
    const ajv = new Ajv({
      allErrors: true,
      verbose: true,
      discriminator: true,
      useDefaults: true,
      strict: false,
    });
    validator = ajv.compile(RECIPE_SCHEMAS[task]);
    validators.set(task, validator);
  }
  return validator;
}
