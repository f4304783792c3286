/** Recipes alone, for tools that check them without what runs them. */
export { loadRecipe, type LoadedRecipe, type ModelFile } from './recipe/load-recipe.ts';
export { RECIPE_SCHEMAS, type RecipeTask } from './recipe/recipe-schema.ts';
