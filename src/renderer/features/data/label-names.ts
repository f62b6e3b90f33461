/** @file Names of label values as a list that a person edits. Pure. */

export interface LabelName {
  readonly value: number;
  readonly name: string;
}

/** By value, smallest first; what is not a whole number above 0 is no label. */
export function labelNameList(names: Readonly<Record<string, string>>): LabelName[] {
  return Object.entries(names)
    .map(([value, name]) => ({ value: Number(value), name }))
    .filter(({ value }) => Number.isInteger(value) && value > 0)
    .sort((a, b) => a.value - b.value);
}

/** The names with one changed; an empty name takes the value out. */
export function withLabelName(
  names: Readonly<Record<string, string>>,
  { value, name }: LabelName,
): Record<string, string> {
  const { [String(value)]: _, ...rest } = names;
  return name.trim() === '' ? rest : { ...rest, [String(value)]: name.trim() };
}

/** The smallest value that has no name yet. */
export function nextLabelValue(names: Readonly<Record<string, string>>): number {
  let value = 1;
  while (names[String(value)] !== undefined) value++;
  return value;
}
