/** Recipes alone, for tools that check them without what runs them. */
export { loadRecipe, type LoadedRecipe, type ModelFile } from './recipe/load-recipe.ts';
export { PREDICTION_APPS } from './recipe/prediction/prediction-apps.ts';
export { RECIPE_SCHEMAS, type RecipeKind } from './recipe/recipe-schema.ts';
