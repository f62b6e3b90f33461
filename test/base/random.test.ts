import { describe, expect, it } from 'vitest';
import { Random } from '../../src/base/random.ts';

describe('a random stream', () => {
  it('goes on where it was saved', () => {
    const first = new Random(7, 'elastic');
    Array.from({ length: 13 }, () => first.word());
    const rest = Array.from({ length: 9 }, () => first.word());
    const resumed = new Random(7, 'elastic', 13);
    expect(Array.from({ length: 9 }, () => resumed.word())).toEqual(rest);
  });

  it('differs by seed and by name', () => {
    const firstWords = [new Random(1, 'a'), new Random(2, 'a'), new Random(1, 'b')].map((random) =>
      random.word(),
    );
    expect(new Set(firstWords).size).toBe(3);
  });

  it('has the moments of the distributions it names', () => {
    const random = new Random(3, 'moments');
    const normals = Array.from({ length: 20_000 }, () => random.normal(2, 3));
    const mean = normals.reduce((sum, x) => sum + x, 0) / normals.length;
    const variance = normals.reduce((sum, x) => sum + (x - mean) ** 2, 0) / normals.length;
    expect(mean).toBeCloseTo(2, 1);
    expect(Math.sqrt(variance)).toBeCloseTo(3, 1);
    const uniforms = Array.from({ length: 20_000 }, () => random.uniform(-1, 1));
    expect(Math.min(...uniforms)).toBeGreaterThan(-1);
    expect(Math.max(...uniforms)).toBeLessThan(1);
    expect(uniforms.reduce((sum, x) => sum + x, 0) / uniforms.length).toBeCloseTo(0, 1);
  });

  it('shuffles without losing an item', () => {
    const items = Array.from({ length: 50 }, (_, i) => i);
    const shuffled = new Random(5, 'shuffle').shuffle(items);
    expect(shuffled).not.toEqual(items);
    expect([...shuffled].sort((a, b) => a - b)).toEqual(items);
  });
});
