/**
 * @file The inverse cosine transform of an 8 × 8 block in whole numbers: Loeffler, Ligtenberg, Moschytz 1989, "Practical fast 1-D DCT algorithms with 11
 * multiplications", with 13 fractional bits as the reference decoders use, so that the results are the same to the last bit.
 */

const fractionBits = 13;

/** √2 · cos, sin and their sums, times 2¹³. */
const c = {
  _0_298: 2446,
  _0_390: 3196,
  _0_541: 4433,
  _0_765: 6270,
  _0_899: 7373,
  _1_175: 9633,
  _1_501: 12299,
  _1_847: 15137,
  _1_961: 16069,
  _2_053: 16819,
  _2_562: 20995,
  _3_072: 25172,
} as const;

const workspace = new Float64Array(64);
const line = new Float64Array(8);

/** One-dimensional transform of `line`, in place, still times 2¹³. */
function transformLine(): void {
  const [i0, i1, i2, i3, i4, i5, i6, i7] = line as unknown as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const e1 = (i2 + i6) * c._0_541;
  const e2 = e1 - i6 * c._1_847;
  const e3 = e1 + i2 * c._0_765;
  const sum = (i0 + i4) * 2 ** fractionBits;
  const difference = (i0 - i4) * 2 ** fractionBits;
  const even = [sum + e3, difference + e2, difference - e2, sum - e3] as const;
  const o5 = (i7 + i3 + i5 + i1) * c._1_175;
  const o1 = (i7 + i1) * -c._0_899;
  const o2 = (i5 + i3) * -c._2_562;
  const o3 = (i7 + i3) * -c._1_961 + o5;
  const o4 = (i5 + i1) * -c._0_390 + o5;
  const odd = [
    i1 * c._1_501 + o1 + o4,
    i3 * c._3_072 + o2 + o3,
    i5 * c._2_053 + o2 + o4,
    i7 * c._0_298 + o1 + o3,
  ] as const;
  for (let k = 0; k < 4; k++) {
    line[k] = even[k]! + odd[k]!;
    line[7 - k] = even[k]! - odd[k]!;
  }
}

const descale = (value: number, bits: number): number => Math.floor((value + 2 ** (bits - 1)) / 2 ** bits);

/**
 * Values of a block, shifted to 0 … 2^precision − 1 and clamped.
 *
 * coefficients  64, de-quantised, in natural order
 * result        64, row by row
 */
export function inverseDct(coefficients: Float64Array, precision: number, result: Uint16Array): void {
  // Twelve-bit samples leave room for one bit of extra precision between the passes, eight-bit ones for two.
  const passBits = precision > 8 ? 1 : 2;
  for (let x = 0; x < 8; x++) {
    for (let y = 0; y < 8; y++) line[y] = coefficients[8 * y + x]!;
    transformLine();
    for (let y = 0; y < 8; y++) workspace[8 * y + x] = descale(line[y]!, fractionBits - passBits);
  }
  const middle = 2 ** (precision - 1);
  const most = 2 ** precision - 1;
  for (let y = 0; y < 8; y++) {
    line.set(workspace.subarray(8 * y, 8 * y + 8));
    transformLine();
    for (let x = 0; x < 8; x++) {
      const value = descale(line[x]!, fractionBits + passBits + 3) + middle;
      result[8 * y + x] = Math.max(0, Math.min(most, value));
    }
  }
}
