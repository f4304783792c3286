import type { FallbackMask, FallbackValue } from './failure-schema.ts';
import { readResource } from './model-file.ts';
import { findResource, RECIPE_FILE, type ResourceFolders } from './resource-file.ts';

/**
 * The answer that `pipeline.json` wants for a case that cannot be answered. Nothing else of the recipe
 * is looked at: this is for a program whose run has failed, and the build has checked the recipe.
 *
 * @returns Undefined where the recipe wants an error, or cannot be read.
 */
export function readFallback(folders: ResourceFolders): FallbackMask | FallbackValue | undefined {
  try {
    const file = findResource(folders, RECIPE_FILE);
    if (file === undefined) return undefined;
    const text = readResource(file, 'recipe')
      .toString('utf8')
      .replace(/^\uFEFF/, '');
    const recipe = JSON.parse(text) as { onFailure?: unknown; fallback?: unknown };
    if (recipe.onFailure !== 'fallback') return undefined;
    return recipe.fallback as FallbackMask | FallbackValue | undefined;
  } catch {
    // The error of the run itself is what a person needs.
    return undefined;
  }
}
