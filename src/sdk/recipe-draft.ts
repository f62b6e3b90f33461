/** @file What a plugin's `define` returns: a recipe without the fields that Sagitta itself fills in. */
import type { Fingerprint } from '../recipe/fingerprint.ts';
import type { Recipe } from '../recipe/recipe.ts';
import type { Settings } from '../recipe/settings.ts';

/** The version, the plugin's identity and the settings are stamped on by the host, so that a plugin cannot claim another's. */
export type RecipeDraft = Omit<Recipe, 'version' | 'plugin' | 'task' | 'settings'>;

/** A plugin's default export: a pure function; it sees neither files nor voxels. */
export type Define = (settings: Settings, fingerprint: Fingerprint) => RecipeDraft;

/**
 * Lets the compiler check a draft where it is written; returns it unchanged.
 *
 * @since 1
 * @example (settings, fingerprint) => defineRecipe({ channels: fingerprint.channels })
 */
export function defineRecipe(draft: RecipeDraft): RecipeDraft {
  return draft;
}
