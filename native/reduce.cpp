// Reductions over the middle of [outer, size, inner]. Sums are cut into pieces whose bounds depend on the sizes alone and are
// joined in double precision in a fixed order, so that the result does not depend on the number of threads.
#include <algorithm>
#include <cmath>
#include <limits>

#include "kernels.h"
#include "vector-math.h"

namespace sagitta::SAGITTA_ISA {

namespace {

enum class Kind : int { sum, max };

// Elements that one float accumulator lane may take before it is handed to a double.
constexpr int64_t kRowsPerPiece = 256;

double start(Kind kind) { return kind == Kind::sum ? 0 : -std::numeric_limits<double>::infinity(); }

// NaN is kept by max, as in PyTorch.
template <typename T>
T larger(T a, T b) {
  return a > b || a != a ? a : b;
}

double join(Kind kind, double a, double b) { return kind == Kind::sum ? a + b : larger(a, b); }

double reduceRun(Kind kind, const float* from, int64_t count) {
  Vector lanes = splat(static_cast<float>(start(kind)));
  int64_t i = 0;
  for (; i + kVectorFloats <= count; i += kVectorFloats) {
    const Vector x = load(from + i);
    lanes = kind == Kind::sum ? lanes + x : select((lanes > x) | (lanes != lanes), lanes, x);
  }
  double total = start(kind);
  for (int lane = 0; lane < kVectorFloats; lane++) total = join(kind, total, lanes[lane]);
  for (; i < count; i++) total = join(kind, total, from[i]);
  return total;
}

// inner is 1: each outer row is one run.
void reduceRows(Kind kind, int64_t outer, int64_t size, const float* in, float* out, KernelContext& context) {
  const int64_t pieceSize = kRowsPerPiece * kVectorFloats;
  const int64_t pieces = (size + pieceSize - 1) / pieceSize;
  const int64_t rowsPerTask = std::max<int64_t>(1, pieceSize / std::max<int64_t>(1, size));
  if (pieces == 1) {
    context.pool.run((outer + rowsPerTask - 1) / rowsPerTask, [&](int64_t task, int) {
      for (int64_t o = task * rowsPerTask; o < std::min(outer, (task + 1) * rowsPerTask); o++) out[o] = static_cast<float>(reduceRun(kind, in + o * size, size));
    });
    return;
  }
  double* partial = reinterpret_cast<double*>(context.workspace.shared(outer * pieces * 2));
  context.pool.run(outer * pieces, [&](int64_t index, int) {
    const int64_t o = index / pieces, first = index % pieces * pieceSize;
    partial[index] = reduceRun(kind, in + o * size + first, std::min(pieceSize, size - first));
  });
  for (int64_t o = 0; o < outer; o++) {
    double total = start(kind);
    for (int64_t p = 0; p < pieces; p++) total = join(kind, total, partial[o * pieces + p]);
    out[o] = static_cast<float>(total);
  }
}

// inner > 1: rows of `inner` values are joined one under the other.
void reduceColumns(Kind kind, int64_t outer, int64_t size, int64_t inner, const float* in, float* out, KernelContext& context) {
  constexpr int64_t kColumns = 1024;
  const int64_t pieces = (size + kRowsPerPiece - 1) / kRowsPerPiece, columnBlocks = (inner + kColumns - 1) / kColumns;
  double* partial = reinterpret_cast<double*>(context.workspace.shared(outer * pieces * inner * 2));
  context.pool.run(outer * pieces * columnBlocks, [&](int64_t index, int thread) {
    const int64_t block = index % columnBlocks, piece = index / columnBlocks % pieces, o = index / columnBlocks / pieces;
    const int64_t first = block * kColumns, columns = std::min(kColumns, inner - first);
    float* sums = context.workspace.own(thread, kColumns);
    std::fill(sums, sums + columns, static_cast<float>(start(kind)));
    for (int64_t r = piece * kRowsPerPiece; r < std::min(size, (piece + 1) * kRowsPerPiece); r++) {
      const float* row = in + (o * size + r) * inner + first;
      if (kind == Kind::sum)
        for (int64_t i = 0; i < columns; i++) sums[i] += row[i];
      else
        for (int64_t i = 0; i < columns; i++) sums[i] = larger(sums[i], row[i]);
    }
    for (int64_t i = 0; i < columns; i++) partial[(o * pieces + piece) * inner + first + i] = sums[i];
  });
  context.pool.run((outer * inner + 4095) / 4096, [&](int64_t task, int) {
    for (int64_t index = task * 4096; index < std::min(outer * inner, (task + 1) * 4096); index++) {
      double total = start(kind);
      for (int64_t p = 0; p < pieces; p++) total = join(kind, total, partial[(index / inner * pieces + p) * inner + index % inner]);
      out[index] = static_cast<float>(total);
    }
  });
}

}  // namespace

// ints: kind, outer, size, inner
void reduce(const Arguments& a, KernelContext& context) {
  const Kind kind = static_cast<Kind>(a.number(0));
  if (a.number(3) == 1) reduceRows(kind, a.number(1), a.number(2), a.in(0), a.out(), context);
  else reduceColumns(kind, a.number(1), a.number(2), a.number(3), a.in(0), a.out(), context);
}

namespace {

// Lines are the runs of `size` values along the axis, numbered by their place in [outer, inner].
template <typename F>
void eachLineBlock(int64_t lines, int64_t size, KernelContext& context, F visit) {
  const int64_t perTask = std::max<int64_t>(kVectorFloats, 8192 / size / kVectorFloats * kVectorFloats);
  context.pool.run((lines + perTask - 1) / perTask, [&](int64_t task, int) { visit(task * perTask, std::min(lines, (task + 1) * perTask)); });
}

// As many lines as a vector has lanes, side by side. Those past the last line repeat it and are not written.
struct LineGroup {
  int64_t offset[kVectorFloats];
  int64_t step;
  int count;
  bool adjacent;

  LineGroup(int64_t first, int64_t end, int64_t size, int64_t inner) : step(inner), count(static_cast<int>(std::min<int64_t>(kVectorFloats, end - first))) {
    for (int lane = 0; lane < kVectorFloats; lane++) {
      const int64_t line = std::min(first + lane, end - 1);
      offset[lane] = line / inner * size * inner + line % inner;
    }
    adjacent = count == kVectorFloats && first % inner + kVectorFloats <= inner;
  }
  Vector get(const float* from, int64_t k) const {
    if (adjacent) return load(from + offset[0] + k * step);
    Vector v;
    for (int lane = 0; lane < kVectorFloats; lane++) v[lane] = from[offset[lane] + k * step];
    return v;
  }
  void put(float* to, int64_t k, Vector v) const {
    if (adjacent) return store(to + offset[0] + k * step, v);
    for (int lane = 0; lane < count; lane++) to[offset[lane] + k * step] = v[lane];
  }
};

void softmaxGroup(const LineGroup& lines, const float* in, float* out, int64_t size, bool logarithmic) {
  Vector peak = lines.get(in, 0);
  for (int64_t k = 1; k < size; k++) {
    const Vector x = lines.get(in, k);
    peak = select((peak > x) | (peak != peak), peak, x);
  }
  // Sums of up to 64 terms are joined, so that long lines lose no digits.
  Vector total = {};
  for (int64_t first = 0; first < size; first += 64) {
    Vector part = {};
    for (int64_t k = first; k < std::min(size, first + 64); k++) {
      const Vector e = exponential(lines.get(in, k) - peak);
      if (!logarithmic) lines.put(out, k, e);
      part += e;
    }
    total += part;
  }
  const Vector logTotal = logarithm(total), scale = 1.0f / total;
  for (int64_t k = 0; k < size; k++) lines.put(out, k, logarithmic ? lines.get(in, k) - peak - logTotal : lines.get(out, k) * scale);
}

}  // namespace

// ints: outer, size, inner
void argMax(const Arguments& a, KernelContext& context) {
  const int64_t size = a.number(1), inner = a.number(2);
  eachLineBlock(a.number(0) * inner, size, context, [&](int64_t first, int64_t end) {
    for (int64_t line = first; line < end; line++) {
      const float* from = a.in(0) + line / inner * size * inner + line % inner;
      float best = *from;
      int32_t index = 0;
      for (int64_t k = 1; k < size; k++) {
        const float value = from[k * inner];
        if (!(value > best || (value != value && best == best))) continue;
        best = value;
        index = static_cast<int32_t>(k);
      }
      a.outInt()[line] = index;
    }
  });
}

// ints: outer, size, inner, logarithmic
void softmax(const Arguments& a, KernelContext& context) {
  const int64_t size = a.number(1), inner = a.number(2);
  const bool logarithmic = a.number(3) != 0;
  eachLineBlock(a.number(0) * inner, size, context, [&](int64_t first, int64_t end) {
    for (int64_t line = first; line < end; line += kVectorFloats) softmaxGroup(LineGroup(line, end, size, inner), a.in(0), a.out(), size, logarithmic);
  });
}

}  // namespace sagitta::SAGITTA_ISA
