/** @file Colours and names of label values, the same on every page: what is red in the library is red in the viewer. */

/** Told apart on grey with every kind of colour vision as far as eight can be (after Okabe and Ito), then lighter and darker ones. */
const palette = [
  '#f0624d',
  '#56b4e9',
  '#f0b429',
  '#2fbf94',
  '#d98cc8',
  '#f0e442',
  '#4f86f7',
  '#b8d65a',
  '#a98be0',
  '#e8a07c',
  '#7fd6d6',
  '#d0d0d0',
] as const;

/** Colour of a label value from 1; after the last the first comes again. `shift` moves on, to tell raters apart. */
export function labelColour(value: number, shift = 0): string {
  return palette[(Math.max(1, value) - 1 + shift) % palette.length]!;
}

/**
 * Classes of a label map, by value: those that have a name, and without one all others up to `atLeast`, for maps hold values that nobody
 * has named yet. Names are as the library keeps them, by value as text.
 */
export function labelClasses(
  names: Readonly<Record<string, string>>,
  { shift = 0, atLeast = palette.length }: { shift?: number; atLeast?: number } = {},
): { value: number; name: string; colour: string }[] {
  const named = Object.keys(names)
    .map(Number)
    .filter((value) => Number.isInteger(value) && value > 0);
  const unnamed = Array.from({ length: atLeast }, (_, index) => index + 1);
  const values = [...new Set([...named, ...unnamed])].sort((a, b) => a - b);
  return values.map((value) => ({
    value,
    name: names[String(value)] ?? `label ${value}`,
    colour: labelColour(value, shift),
  }));
}
