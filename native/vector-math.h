// Exponentials, logarithms and their kin on whole vectors, to about two units in the last place.
// Sources: range reduction of Cody and Waite; polynomials as in Moshier's Cephes library (expf, logf, sinf, cosf).
#pragma once

#include <bit>
#include <cmath>
#include <cstdint>

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
  x = select(x > 88.8f, splat(88.8f), x);
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
inline Vector softPlus(Vector x) { return select(x > 0.0f, x, splat(0.0f)) + logarithmOfOnePlus(exponential(-absolute(x))); }

inline bool anyOf(IntVector condition) {
  int any = 0;
  for (int lane = 0; lane < kVectorFloats; lane++) any |= condition[lane];
  return any != 0;
}

// Up to |x| = 1 an odd polynomial, beyond it 1 − e^q(|x|). Coefficients: Chebyshev fits to erf(√z)/√z on 0…1 and ln erfc on 1…4.
inline Vector errorFunction(Vector x) {
  const Vector size = absolute(x), z = x * x;
  Vector p = splat(7.882497448008507e-5f);
  p = p * z - 8.018755005502701e-4f;
  p = p * z + 5.189312156289816e-3f;
  p = p * z - 2.685432881116867e-2f;
  p = p * z + 1.1283597350120544e-1f;
  p = p * z - 3.761262595653534e-1f;
  p = p * z + 1.1283791065216064f;
  const Vector t = select(size > 4.0f, splat(4.0f), size);
  Vector q = splat(-1.8284508769284002e-5f);
  q = q * t + 3.9661244954913855e-4f;
  q = q * t - 3.959017805755138e-3f;
  q = q * t + 2.4478459730744362e-2f;
  q = q * t - 1.0715024173259735e-1f;
  q = q * t - 6.34509265422821e-1f;
  q = q * t - 1.1288679838180542f;
  q = q * t + 2.4270833819173276e-5f;
  const Vector far = 1.0f - exponential(q);
  return select(size < 1.0f, p * x, select(x < 0.0f, -far, far));
}

// sin x for quarter 0, cos x for quarter 1. Exact reduction by multiples of π/2 ends at |x| = 8192; lanes beyond go to the library.
inline Vector sineFrom(Vector x, int quarter) {
  const Vector limited = select(absolute(x) < 8192.0f, x, x - x);
  const IntVector n = roundToInt(limited * 0.636619772367581343f);
  const Vector k = __builtin_convertvector(n, Vector);
  const Vector r = ((limited - k * 1.5703125f) - k * 4.837512969970703125e-4f) - k * 7.54978995489188216e-8f;
  const Vector z = r * r;
  Vector sine = splat(-1.9515295891e-4f);
  sine = sine * z + 8.3321608736e-3f;
  sine = sine * z - 1.6666654611e-1f;
  sine = sine * z * r + r;
  Vector cosine = splat(2.443315711809948e-5f);
  cosine = cosine * z - 1.388731625493765e-3f;
  cosine = cosine * z + 4.166664568298827e-2f;
  cosine = cosine * z * z - 0.5f * z + 1.0f;
  const IntVector turned = n + quarter;
  const Vector value = select((turned & 1) == 0, sine, cosine);
  Vector result = select((turned & 2) == 0, value, -value);
  const IntVector isFar = absolute(x) >= 8192.0f;
  if (anyOf(isFar))
    for (int lane = 0; lane < kVectorFloats; lane++)
      if (isFar[lane]) result[lane] = quarter == 0 ? std::sin(x[lane]) : std::cos(x[lane]);
  return result;
}

inline Vector sine(Vector x) { return sineFrom(x, 0); }
inline Vector cosine(Vector x) { return sineFrom(x, 1); }

// base^exponent for finite numbers and base ≥ 0, in double precision and without branches, so that loops over it become vectors.
inline float power(float base, float exponent) {
  constexpr float kLeastNormal = 0x1p-126f;
  const float lifted = base < kLeastNormal ? base * 0x1p24f : base;
  const int32_t bits = std::bit_cast<int32_t>(lifted);
  // base = 2^e·m with m in √½ … √2; log₂ m by the series of the inverse hyperbolic tangent of (m − 1)/(m + 1).
  const int32_t e = (bits - 0x3f3504f3) >> 23;
  const double m = std::bit_cast<float>(bits - (e << 23));
  const double s = (m - 1.0) / (m + 1.0), z = s * s;
  constexpr double kTwoOverLn2 = 2.8853900817779268;
  double series = 1.0 / 13;
  series = series * z + 1.0 / 11;
  series = series * z + 1.0 / 9;
  series = series * z + 1.0 / 7;
  series = series * z + 1.0 / 5;
  series = series * z + 1.0 / 3;
  series = series * z + 1.0;
  double y = exponent * ((e - (base < kLeastNormal ? 24 : 0)) + s * series * kTwoOverLn2);
  y = y > 300.0 ? 300.0 : y < -300.0 ? -300.0 : y;
  // Adding 1.5·2⁵² rounds to a whole number, which then stands in the low bits of the mantissa.
  constexpr double kMagic = 0x1.8p52;
  const double whole = (y + kMagic) - kMagic;
  const double f = (y - whole) * 0.69314718055994531;
  double p = 1.0 / 40320;
  p = p * f + 1.0 / 5040;
  p = p * f + 1.0 / 720;
  p = p * f + 1.0 / 120;
  p = p * f + 1.0 / 24;
  p = p * f + 1.0 / 6;
  p = p * f + 0.5;
  p = p * f + 1.0;
  p = p * f + 1.0;
  const double scale = std::bit_cast<double>(std::bit_cast<uint64_t>(whole + 1023.0 + kMagic) << 52);
  const float atZero = exponent > 0 ? 0.0f : exponent < 0 ? INFINITY : 1.0f;
  return base == 0 ? atZero : static_cast<float>(p * scale);
}

}  // namespace sagitta::SAGITTA_ISA
