// Exponentials and logarithms on whole vectors, to about two units in the last place.
// Sources: range reduction of Cody and Waite; polynomials as in Moshier's Cephes library (expf, logf).
#pragma once

#include <cmath>

#include "isa.h"

namespace sagitta::SAGITTA_ISA {

// A cast between vectors of one size keeps the bits.
inline IntVector bitsOf(Vector x) { return (IntVector)x; }
inline Vector floatOf(IntVector x) { return (Vector)x; }
inline Vector select(IntVector condition, Vector a, Vector b) { return condition ? a : b; }
inline float select(bool condition, float a, float b) { return condition ? a : b; }
inline Vector absolute(Vector x) { return floatOf(bitsOf(x) & 0x7fffffff); }

inline IntVector roundToInt(Vector x) {
  // Adding 1.5·2²³ rounds to the nearest whole number in the low bits of the mantissa.
  const Vector magic = splat(12582912.0f);
  return bitsOf(x + magic) - bitsOf(magic);
}

inline Vector powerOfTwo(IntVector n) { return floatOf((n + 127) << 23); }

inline Vector exponential(Vector x) {
  const Vector original = x;
  // NaN passes both comparisons by and stays NaN.
  x = select(x > 88.7f, splat(88.7f), x);
  x = select(x < -103.9f, splat(-103.9f), x);
  const IntVector n = roundToInt(x * 1.44269504088896341f);
  const Vector k = __builtin_convertvector(n, Vector);
  x = x - k * 0.693359375f + k * 2.12194440e-4f;
  Vector p = splat(1.9875691500e-4f);
  p = p * x + 1.3981999507e-3f;
  p = p * x + 8.3334519073e-3f;
  p = p * x + 4.1665795894e-2f;
  p = p * x + 1.6666665459e-1f;
  p = p * x + 5.0000001201e-1f;
  p = p * x * x + x + 1.0f;
  // Two halves, so that results below the normal range come out right.
  const IntVector half = n >> 1;
  Vector result = p * powerOfTwo(half) * powerOfTwo(n - half);
  result = select(original > 88.72283f, splat(INFINITY), result);
  return select(original < -103.97f, splat(0.0f), result);
}

// ln x; −∞ at 0 and NaN below.
inline Vector logarithm(Vector x) {
  const Vector original = x;
  // Lift numbers below the normal range.
  const IntVector tiny = x < 1.17549435e-38f;
  x = select(tiny, x * 8388608.0f, x);
  const IntVector bits = bitsOf(x);
  IntVector exponent = ((bits >> 23) & 0xff) - 126;
  Vector m = floatOf((bits & 0x007fffff) | 0x3f000000);
  const IntVector low = m < 0.707106781186547524f;
  exponent = exponent + low;  // a true comparison is −1
  m = select(low, m + m, m) - 1.0f;
  exponent = exponent - (tiny & 23);
  const Vector e = __builtin_convertvector(exponent, Vector);
  const Vector z = m * m;
  Vector p = splat(7.0376836292e-2f);
  p = p * m - 1.1514610310e-1f;
  p = p * m + 1.1676998740e-1f;
  p = p * m - 1.2420140846e-1f;
  p = p * m + 1.4249322787e-1f;
  p = p * m - 1.6668057665e-1f;
  p = p * m + 2.0000714765e-1f;
  p = p * m - 2.4999993993e-1f;
  p = p * m + 3.3333331174e-1f;
  p = p * m * z - e * 2.12194440e-4f - 0.5f * z;
  Vector result = m + p + e * 0.693359375f;
  result = select(original == 0.0f, splat(-INFINITY), result);
  result = select(original == INFINITY, splat(INFINITY), result);
  return select((original < 0.0f) | (original != original), splat(NAN), result);
}

// eˣ − 1 without loss near 0.
inline Vector exponentialMinusOne(Vector x) {
  Vector p = splat(1.0f / 40320);
  p = p * x + 1.0f / 5040;
  p = p * x + 1.0f / 720;
  p = p * x + 1.0f / 120;
  p = p * x + 1.0f / 24;
  p = p * x + 1.0f / 6;
  p = p * x + 0.5f;
  p = p * x * x + x;
  return select(absolute(x) < 0.5f, p, exponential(x) - 1.0f);
}

// ln(1 + x) without loss near 0. Source: Kahan's correction, ln(u)·x/(u − 1) with u = 1 + x rounded.
inline Vector logarithmOfOnePlus(Vector x) {
  const Vector u = x + 1.0f;
  const Vector d = u - 1.0f;
  const Vector corrected = logarithm(u) * (x / select(d == 0.0f, splat(1.0f), d));
  return select(d == 0.0f, x, select(u == INFINITY, u, corrected));
}

inline Vector logistic(Vector x) { return 1.0f / (exponential(-x) + 1.0f); }

inline Vector hyperbolicTangent(Vector x) {
  const Vector limited = select(x > 15.0f, splat(15.0f), select(x < -15.0f, splat(-15.0f), x));
  const Vector e = exponentialMinusOne(limited + limited);
  return e / (e + 2.0f);
}

// ln(1 + eˣ) = max(x, 0) + ln(1 + e^−|x|)
inline Vector softPlus(Vector x) { return select(x > 0.0f, x, x - x) + logarithmOfOnePlus(exponential(-absolute(x))); }

}  // namespace sagitta::SAGITTA_ISA
