import { basename, dirname, join } from 'node:path';
import { loadRecipe, type LoadedRecipe } from './load-recipe.ts';
import { findResource, type ResourceFolders } from './resource-file.ts';

/**
 * Loads the recipe of a segmentation that runs first. Its models lie beside it, in the mounted model
 * folder or in `resources/`.
 *
 * @param name - The recipe, relative to the folders.
 * @throws HecktorError as loadRecipe does.
 */
export function loadSegmentation(
  folders: ResourceFolders,
  name: string,
): Promise<LoadedRecipe<'segmentation'>> {
  // Refuses a name, or a link, that leads out of the folders.
  findResource(folders, name);
  const below = dirname(name);
  const nested = {
    modelFolder: join(folders.modelFolder, below),
    resources: join(folders.resources, below),
  };
  return loadRecipe(nested, 'segmentation', { name: basename(name) });
}
