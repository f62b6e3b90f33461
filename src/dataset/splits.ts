/** @file Splits by subject: all images of a person are on the same side. Deterministic from the seed and the set of ids. */
import { invariant } from '../base/errors.ts';
import { Random } from '../base/random.ts';
import { datasetTooFew } from './errors.ts';

export interface Split {
  /** Ids, sorted. */
  readonly training: readonly string[];
  readonly validation: readonly string[];
}

/** Sessions of one person in BIDS names (`sub-01_ses-02`) belong together; any other id is a person of its own. */
export function personOf(id: string): string {
  return /^sub-[a-zA-Z0-9]+/.exec(id)?.[0] ?? id;
}

/**
 * Holds back about `validationShare` of the persons: at least one when there are two or more, and never all of them. A share of 0
 * holds none back.
 */
export function splitSubjects(
  ids: readonly string[],
  { validationShare, seed }: { validationShare: number; seed: number },
): Split {
  const persons = shuffledPersons(ids, seed);
  const wanted = Math.max(1, Math.round(persons.length * validationShare));
  const count = validationShare === 0 ? 0 : Math.min(wanted, persons.length - 1);
  return splitBy(ids, new Set(persons.slice(0, count)));
}

/** One fold of a cross-validation: `index` from 0 to `count` − 1. */
export interface Fold {
  readonly index: number;
  readonly count: number;
}

/** Each person is in the validation part of exactly one of the folds. Throws DATASET_TOO_FEW when there are more folds than persons. */
export function foldSubjects(
  ids: readonly string[],
  { index: fold, count: folds }: Fold,
  seed: number,
): Split {
  const persons = shuffledPersons(ids, seed);
  invariant(folds >= 2 && fold >= 0 && fold < folds, `fold ${fold} of ${folds}`);
  if (persons.length < folds) throw datasetTooFew({ folds, persons: persons.length });
  return splitBy(ids, new Set(persons.filter((_, index) => index % folds === fold)));
}

function shuffledPersons(ids: readonly string[], seed: number): string[] {
  return new Random(seed, 'dataset/split').shuffle([...new Set(ids.map(personOf))].sort());
}

function splitBy(ids: readonly string[], heldBack: ReadonlySet<string>): Split {
  const sorted = [...ids].sort();
  return {
    training: sorted.filter((id) => !heldBack.has(personOf(id))),
    validation: sorted.filter((id) => heldBack.has(personOf(id))),
  };
}
