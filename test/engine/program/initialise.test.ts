import { describe, expect, it } from 'vitest';
import { Random } from '../../../src/base/random.ts';
import { initialValues } from '../../../src/engine/program/initialise.ts';

const shape = [40, 50];

describe('initial values', () => {
  it('are the draws of the stream named by the variable', () => {
    const random = new Random(4, 'variable/encoder.0.weight');
    const expected = Float32Array.from({ length: 2000 }, () => random.normal(0.5, 0.1));
    const initial = { kind: 'normal', mean: 0.5, deviation: 0.1 } as const;
    expect(initialValues({ name: 'encoder.0.weight', shape, initial }, 4)).toEqual(expected);
  });

  it('keep to the bounds of a uniform start and fill them', () => {
    const values = initialValues({ name: 'w', shape, initial: { kind: 'uniform', low: -2, high: 1 } }, 1);
    expect(Math.min(...values)).toBeGreaterThanOrEqual(-2);
    expect(Math.min(...values)).toBeLessThan(-1.98);
    expect(Math.max(...values)).toBeLessThanOrEqual(1);
    expect(Math.max(...values)).toBeGreaterThan(0.98);
  });

  it('differ between variables of one seed', () => {
    const of = (name: string) =>
      initialValues({ name, shape: [4], initial: { kind: 'uniform', low: 0, high: 1 } }, 1);
    expect(of('a')).not.toEqual(of('b'));
  });

  it('are the constant of a constant start', () => {
    const values = initialValues({ name: 'w', shape: [3], initial: { kind: 'constant', value: 0.25 } }, 1);
    expect([...values]).toEqual([0.25, 0.25, 0.25]);
  });
});
