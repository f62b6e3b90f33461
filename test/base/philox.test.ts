import { describe, expect, it } from 'vitest';
import { hash32, philox, Random } from '../../src/base/random.ts';

const words = (text: string) => text.split(' ').map((word) => Number.parseInt(word, 16));

describe('philox', () => {
  // The vectors for philox4x32 with 10 rounds in kat_vectors of Random123, by the authors of the method.
  it.each([
    ['zeros', '0 0 0 0', '0 0', '6627e8d5 e169c58d bc57ac4c 9b00dbd8'],
    [
      'ones',
      'ffffffff ffffffff ffffffff ffffffff',
      'ffffffff ffffffff',
      '408f276d 41c83b0e a20bc7c6 6d5451fd',
    ],
    [
      'digits of π',
      '243f6a88 85a308d3 13198a2e 03707344',
      'a4093822 299f31d0',
      'd16cfe09 94fdcceb 5001e420 24126ea1',
    ],
  ])('gives the known answer for %s', (_, counter, key, expected) => {
    const out = new Uint32Array(4);
    philox(words(key) as [number, number], words(counter), out);
    expect([...out]).toEqual(words(expected));
  });
});

describe('a random stream', () => {
  it('reads the words of successive counters under the key (seed, hash of the name)', () => {
    const random = new Random(5, 'weights', 6);
    const out = new Uint32Array(4);
    philox([5, hash32('weights')], [1, 0, 0, 0], out);
    expect([random.word(), random.word()]).toEqual([out[2], out[3]]);
  });

  it('maps a word to the middle of its 2⁻³² cell, so that neither 0 nor 1 occurs', () => {
    const word = new Random(9, 'u').word();
    expect(new Random(9, 'u').uniform()).toBe((word + 0.5) / 2 ** 32);
    expect(new Random(9, 'u').uniform(-2, 6)).toBe(-2 + ((word + 0.5) / 2 ** 32) * 8);
  });

  it('names streams by FNV-1a', () => {
    expect(['', 'a', 'foobar'].map(hash32)).toEqual([0x811c9dc5, 0xe40c292c, 0xbf9cf968]);
  });
});
