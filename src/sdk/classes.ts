/** @file Which label values a method learns. */
import type { Fingerprint } from '../recipe/fingerprint.ts';
import type { Recipe } from '../recipe/recipe.ts';

/**
 * One foreground class: a chosen label value, or (0) any value other than background.
 *
 * @since 1
 * @example foregroundClass(fingerprint, { label: 0, name: 'Vessel', colour: '#e4572e' })
 */
export function foregroundClass(
  fingerprint: Fingerprint,
  { label, name, colour }: { label: number; name: string; colour: string },
): Recipe['classes'] {
  if (label > 0) return [{ value: label, name, colour }];
  const [value = 1, ...mergedValues] = fingerprint.labelValues.filter((other) => other > 0);
  return [{ value, name, colour, ...(mergedValues.length > 0 && { mergedValues }) }];
}
