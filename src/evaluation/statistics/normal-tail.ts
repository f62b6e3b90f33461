/** @file Tail of the normal distribution, to full double precision. */

/**
 * The chance that a standard normal is above `z`.
 *
 * source  Abramowitz and Stegun 1964: the series 26.2.11 near the middle, the continued fraction 26.2.14 in the tail
 */
export function normalTail(z: number): number {
  if (z < 0) return 1 - normalTail(-z);
  const density = Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
  return z < 3 ? 0.5 - density * oddSeries(z) : density * tailFraction(z);
}

/** z + z³/3 + z⁵/(3·5) + … */
function oddSeries(z: number): number {
  let term = z;
  let sum = z;
  for (let n = 3; term > sum * 1e-17; n += 2) {
    term *= (z * z) / n;
    sum += term;
  }
  return sum;
}

/** 1/(z + 1/(z + 2/(z + 3/(z + …)))), from the inside out. */
function tailFraction(z: number): number {
  let value = z;
  // 60 levels are exact to double precision from z = 3 on.
  for (let level = 60; level >= 1; level--) value = z + level / value;
  return 1 / value;
}
