// Normalisation of channels-last tensors [N, S, C] in parts, each one pass over memory. With a fused leaky ReLU the normalised
// value is worked out again from x, so that it is never stored.
#include <algorithm>
#include <cmath>
#include <vector>

#include "kernels.h"
#include "vector-math.h"

namespace sagitta::SAGITTA_ISA {

namespace {

// Positions of one piece; sums within a piece are in float, pieces are joined in double in their order.
constexpr int64_t kPieceFloats = 1 << 14;

// ints: batch, positions, channels, groups, isBatch, hasSlope; numbers: epsilon, slope
struct Norm {
  int64_t batch, positions, channels, groups;
  bool isBatch, hasSlope;
  float epsilon = 0, slope = 1;

  explicit Norm(const Arguments& a) {
    const int64_t* n = a.call.ints.data();
    batch = n[0];
    positions = n[1];
    channels = n[2];
    groups = n[3];
    isBatch = n[4] != 0;
    hasSlope = n[5] != 0;
    if (a.call.numbers.size() > 1) {
      epsilon = a.real(0);
      slope = hasSlope ? a.real(1) : 1;
    }
  }
  int64_t piecePositions() const { return std::max<int64_t>(1, kPieceFloats / channels); }
  int64_t pieces() const { return (positions + piecePositions() - 1) / piecePositions(); }
  int64_t groupOf(int64_t channel) const { return channel / (channels / groups); }
  // Where the mean of a sample's channel stands in stats [N or 1, groups, 2].
  int64_t statAt(int64_t n, int64_t channel) const { return ((isBatch ? 0 : n) * groups + groupOf(channel)) * 2; }
  // The coefficients of all channels are repeated to this length, a whole number of vectors, to be walked with the data. It is long
  // enough for sums kept per place not to wait for one another.
  int64_t period() const {
    const int64_t whole = channels % kVectorFloats == 0 ? channels : channels * kVectorFloats;
    return (8 * kVectorFloats + whole - 1) / whole * whole;
  }
  int64_t floats() const { return positions * channels; }
};

// Calls visit(n, first position, count, piece, thread) for each piece of each sample.
template <typename F>
void eachPiece(const Norm& norm, KernelContext& context, F visit) {
  const int64_t pieces = norm.pieces(), size = norm.piecePositions();
  context.pool.run(norm.batch * pieces, [&](int64_t index, int thread) {
    const int64_t n = index / pieces, piece = index % pieces;
    visit(n, piece * size, std::min(size, norm.positions - piece * size), index, thread);
  });
}

// Walks `count` floats in vectors along periodic coefficients; `tail` does the rest one by one.
template <typename V, typename T>
void walk(int64_t count, int64_t period, V vectors, T tail) {
  int64_t i = 0, phase = 0;
  for (; i + kVectorFloats <= count; i += kVectorFloats) {
    vectors(i, phase);
    phase += kVectorFloats;
    if (phase == period) phase = 0;
  }
  for (; i < count; i++, phase++) tail(i, phase);
}

// (x − mean)·multiply + bias is the normalised, scaled value. The mean is taken off first: folded into the bias it would cost
// digits wherever it is large against the deviation.
struct Affine {
  std::vector<float> mean, multiply, bias;

  Vector at(Vector x, int64_t phase) const { return (x - load(&mean[phase])) * load(&multiply[phase]) + load(&bias[phase]); }
  float at(float x, int64_t phase) const { return (x - mean[phase]) * multiply[phase] + bias[phase]; }
};

Affine affineOf(const Norm& norm, int64_t n, const float* stats, const float* scale, const float* bias) {
  const int64_t period = norm.period();
  Affine affine{std::vector<float>(period), std::vector<float>(period), std::vector<float>(period)};
  for (int64_t i = 0; i < period; i++) {
    const int64_t c = i % norm.channels;
    const float* stat = stats + norm.statAt(n, c);
    const float deviation = 1.0f / std::sqrt(stat[1] + norm.epsilon);
    affine.mean[i] = stat[0];
    affine.multiply[i] = deviation * scale[c];
    affine.bias[i] = bias[c];
  }
  return affine;
}

}  // namespace

// Mean and squared deviations of each piece, joined by the formula of Chan, Golub, LeVeque 1979.
void normStats(const Arguments& a, KernelContext& context) {
  const Norm norm(a);
  const int64_t channels = norm.channels, period = norm.period(), pieces = norm.pieces();
  double* partial = reinterpret_cast<double*>(context.workspace.shared(norm.batch * pieces * channels * 4));
  eachPiece(norm, context, [&](int64_t n, int64_t first, int64_t count, int64_t piece, int thread) {
    const float* x = a.in(0) + n * norm.floats() + first * channels;
    float* sums = context.workspace.own(thread, 2 * period);
    float* means = sums + period;
    std::fill(sums, sums + period, 0.0f);
    walk(count * channels, period, [&](int64_t i, int64_t p) { store(sums + p, load(sums + p) + load(x + i)); }, [&](int64_t i, int64_t p) { sums[p] += x[i]; });
    double* out = partial + piece * channels * 2;
    for (int64_t c = 0; c < channels; c++) {
      double sum = 0;
      for (int64_t i = c; i < period; i += channels) sum += sums[i];
      out[2 * c] = sum / count;
    }
    for (int64_t i = 0; i < period; i++) means[i] = static_cast<float>(out[2 * (i % channels)]);
    std::fill(sums, sums + period, 0.0f);
    walk(
        count * channels, period,
        [&](int64_t i, int64_t p) {
          const Vector d = load(x + i) - load(means + p);
          store(sums + p, load(sums + p) + d * d);
        },
        [&](int64_t i, int64_t p) { sums[p] += (x[i] - means[p]) * (x[i] - means[p]); });
    for (int64_t c = 0; c < channels; c++) {
      double sum = 0;
      for (int64_t i = c; i < period; i += channels) sum += sums[i];
      // The deviations were taken from the mean rounded to float; put that right.
      const double shift = out[2 * c] - static_cast<float>(out[2 * c]);
      out[2 * c + 1] = sum - count * shift * shift;
    }
  });
  const int64_t perGroup = channels / norm.groups, samples = norm.isBatch ? 1 : norm.batch;
  context.pool.run(samples * norm.groups, [&](int64_t index, int) {
    const int64_t n = index / norm.groups, group = index % norm.groups;
    double total = 0, mean = 0, squares = 0;
    for (int64_t sample = norm.isBatch ? 0 : n; sample < (norm.isBatch ? norm.batch : n + 1); sample++)
      for (int64_t piece = 0; piece < pieces; piece++) {
        const double count = std::min(norm.piecePositions(), norm.positions - piece * norm.piecePositions());
        for (int64_t c = group * perGroup; c < (group + 1) * perGroup; c++) {
          const double* part = partial + ((sample * pieces + piece) * channels + c) * 2;
          const double delta = part[0] - mean, joined = total + count;
          mean += delta * count / joined;
          squares += part[1] + delta * delta * total * count / joined;
          total = joined;
        }
      }
    a.out()[index * 2] = static_cast<float>(mean);
    a.out()[index * 2 + 1] = static_cast<float>(squares / total);
  });
}

// (x, stats, scale, bias) → y
void normApply(const Arguments& a, KernelContext& context) {
  const Norm norm(a);
  std::vector<Affine> affines;
  for (int64_t n = 0; n < norm.batch; n++) affines.push_back(affineOf(norm, n, a.in(1), a.in(2), a.in(3)));
  eachPiece(norm, context, [&](int64_t n, int64_t first, int64_t count, int64_t, int) {
    const float* x = a.in(0) + n * norm.floats() + first * norm.channels;
    float* y = a.out() + n * norm.floats() + first * norm.channels;
    const Affine& affine = affines[n];
    walk(
        count * norm.channels, norm.period(),
        [&](int64_t i, int64_t p) {
          const Vector v = affine.at(load(x + i), p);
          store(y + i, norm.hasSlope ? select(v > 0.0f, v, v * norm.slope) : v);
        },
        [&](int64_t i, int64_t p) {
          const float v = affine.at(x[i], p);
          y[i] = norm.hasSlope && !(v > 0) ? v * norm.slope : v;
        });
  });
}

// (dy, x, stats, scale, bias) → [N, C, 2]: Σ dy' and Σ dy'·x̂
void normGradSums(const Arguments& a, KernelContext& context) {
  const Norm norm(a);
  const int64_t channels = norm.channels, period = norm.period(), pieces = norm.pieces();
  std::vector<Affine> affines;
  for (int64_t n = 0; n < norm.batch; n++) affines.push_back(affineOf(norm, n, a.in(2), a.in(3), a.in(4)));
  double* partial = reinterpret_cast<double*>(context.workspace.shared(norm.batch * pieces * channels * 4));
  eachPiece(norm, context, [&](int64_t n, int64_t first, int64_t count, int64_t piece, int thread) {
    const int64_t at = n * norm.floats() + first * channels;
    const float *dy = a.in(0) + at, *x = a.in(1) + at;
    const Affine& affine = affines[n];
    float* sums = context.workspace.own(thread, 2 * period);
    float* products = sums + period;
    std::fill(sums, sums + 2 * period, 0.0f);
    walk(
        count * channels, period,
        [&](int64_t i, int64_t p) {
          const Vector value = load(x + i);
          Vector d = load(dy + i);
          if (norm.hasSlope) d = select(affine.at(value, p) > 0.0f, d, d * norm.slope);
          store(sums + p, load(sums + p) + d);
          store(products + p, load(products + p) + d * (value - load(&affine.mean[p])));
        },
        [&](int64_t i, int64_t p) {
          const float d = norm.hasSlope && !(affine.at(x[i], p) > 0) ? dy[i] * norm.slope : dy[i];
          sums[p] += d;
          products[p] += d * (x[i] - affine.mean[p]);
        });
    for (int64_t c = 0; c < channels; c++) {
      double* out = partial + (piece * channels + c) * 2;
      out[0] = out[1] = 0;
      for (int64_t i = c; i < period; i += channels) {
        out[0] += sums[i];
        out[1] += products[i];
      }
    }
  });
  for (int64_t n = 0; n < norm.batch; n++)
    for (int64_t c = 0; c < channels; c++) {
      double sum = 0, product = 0;
      for (int64_t piece = 0; piece < pieces; piece++) {
        const double* part = partial + ((n * pieces + piece) * channels + c) * 2;
        sum += part[0];
        product += part[1];
      }
      const float variance = a.in(2)[norm.statAt(n, c) + 1];
      a.out()[(n * channels + c) * 2] = static_cast<float>(sum);
      a.out()[(n * channels + c) * 2 + 1] = static_cast<float>(product / std::sqrt(static_cast<double>(variance) + norm.epsilon));
    }
}

// (dy, x, stats, scale, bias, sums) → dx = γ·r·dy' − r·mean(γ·dy') − r·x̂·mean(γ·dy'·x̂), means over what shares statistics, r = 1/√(variance + ε)
void normGradInput(const Arguments& a, KernelContext& context) {
  const Norm norm(a);
  const int64_t channels = norm.channels, period = norm.period(), perGroup = channels / norm.groups;
  const float *stats = a.in(2), *scale = a.in(3), *sums = a.in(5);
  struct Coefficients {
    Affine affine;
    std::vector<float> gradient, value, constant;  // dx = gradient·dy' + value·(x − mean) + constant
  };
  std::vector<Coefficients> all;
  for (int64_t n = 0; n < norm.batch; n++) {
    Coefficients k{affineOf(norm, n, stats, scale, a.in(4)), std::vector<float>(period), std::vector<float>(period), std::vector<float>(period)};
    for (int64_t c = 0; c < channels; c++) {
      double sum = 0, product = 0;
      const int64_t from = norm.isBatch ? 0 : n, to = norm.isBatch ? norm.batch : n + 1;
      const int64_t group = norm.groupOf(c);
      for (int64_t sample = from; sample < to; sample++)
        for (int64_t other = group * perGroup; other < (group + 1) * perGroup; other++) {
          sum += static_cast<double>(scale[other]) * sums[(sample * channels + other) * 2];
          product += static_cast<double>(scale[other]) * sums[(sample * channels + other) * 2 + 1];
        }
      const double count = static_cast<double>(norm.positions) * perGroup * (to - from);
      const float* stat = stats + norm.statAt(n, c);
      const double r = 1.0 / std::sqrt(static_cast<double>(stat[1]) + norm.epsilon);
      for (int64_t i = c; i < period; i += channels) {
        k.gradient[i] = static_cast<float>(scale[c] * r);
        k.value[i] = static_cast<float>(-r * r * product / count);
        k.constant[i] = static_cast<float>(-r * sum / count);
      }
    }
    all.push_back(std::move(k));
  }
  eachPiece(norm, context, [&](int64_t n, int64_t first, int64_t count, int64_t, int) {
    const int64_t at = n * norm.floats() + first * channels;
    const float *dy = a.in(0) + at, *x = a.in(1) + at;
    float* dx = a.out() + at;
    const Coefficients& k = all[n];
    const Affine& affine = k.affine;
    walk(
        count * channels, period,
        [&](int64_t i, int64_t p) {
          const Vector value = load(x + i);
          Vector d = load(dy + i);
          if (norm.hasSlope) d = select(affine.at(value, p) > 0.0f, d, d * norm.slope);
          store(dx + i, load(&k.gradient[p]) * d + load(&k.value[p]) * (value - load(&affine.mean[p])) + load(&k.constant[p]));
        },
        [&](int64_t i, int64_t p) {
          const float d = norm.hasSlope && !(affine.at(x[i], p) > 0) ? dy[i] * norm.slope : dy[i];
          dx[i] = k.gradient[p] * d + k.value[p] * (x[i] - affine.mean[p]) + k.constant[p];
        });
  });
}

}  // namespace sagitta::SAGITTA_ISA
