// Moving values about: strided copies, gathers and scatters, index ramps, random numbers.
#include <algorithm>
#include <cmath>
#include <cstring>
#include <numeric>

#include "kernels.h"

namespace sagitta::SAGITTA_ISA {

namespace {

constexpr int64_t kTaskElements = 1 << 15;

// An axis [outer, size, inner] of a tensor.
struct Axis {
  int64_t outer, size, inner;
};

// Copies `count` elements of 4 bytes. Rows are often shorter than what a call of memcpy is worth.
inline void copyRow(const uint32_t* from, int64_t count, uint32_t* to) {
  if (count >= 256) {
    std::memcpy(to, from, count * sizeof(uint32_t));
    return;
  }
  int64_t i = 0;
  for (; i + kVectorFloats <= count; i += kVectorFloats) store(reinterpret_cast<float*>(to + i), load(reinterpret_cast<const float*>(from + i)));
  for (; i < count; i++) to[i] = from[i];
}

}  // namespace

// ints: rank, dims…, input strides…, output strides…, input offset, output offset (in elements of 4 bytes)
void copyStrided(const Arguments& a, KernelContext& context) {
  const int rank = static_cast<int>(a.number(0));
  const int64_t* dims = a.call.ints.data() + 1;
  const int64_t *from = dims + rank, *to = from + rank;
  const uint32_t* input = reinterpret_cast<const uint32_t*>(a.in(0)) + to[rank];
  uint32_t* output = reinterpret_cast<uint32_t*>(a.out()) + to[rank + 1];
  // The last axis is the inner loop.
  const int last = rank - 1;
  int64_t rows = 1;
  for (int axis = 0; axis < last; axis++) rows *= dims[axis];
  const int64_t rowsPerTask = std::max<int64_t>(1, kTaskElements / dims[last]);
  context.pool.run((rows + rowsPerTask - 1) / rowsPerTask, [&](int64_t task, int) {
    int64_t index[8];
    int64_t rest = task * rowsPerTask;
    const uint32_t* source = input;
    uint32_t* target = output;
    for (int axis = last - 1; axis >= 0; axis--) {
      index[axis] = rest % dims[axis];
      rest /= dims[axis];
      source += index[axis] * from[axis];
      target += index[axis] * to[axis];
    }
    for (int64_t row = task * rowsPerTask; row < std::min(rows, (task + 1) * rowsPerTask); row++) {
      if (from[last] == 1 && to[last] == 1) copyRow(source, dims[last], target);
      else if (from[last] == 0 && to[last] == 1) std::fill(target, target + dims[last], *source);
      else
        for (int64_t i = 0; i < dims[last]; i++) target[i * to[last]] = source[i * from[last]];
      // On to the next row, as an odometer turns.
      for (int axis = last - 1; axis >= 0; axis--) {
        source += from[axis];
        target += to[axis];
        if (++index[axis] < dims[axis]) break;
        source -= index[axis] * from[axis];
        target -= index[axis] * to[axis];
        index[axis] = 0;
      }
    }
  });
}

// ints: count, integers (0 or 1)
void fill(const Arguments& a, KernelContext& context) {
  const int64_t count = a.number(0);
  const bool isInt = a.number(1) != 0;
  context.pool.run((count + kTaskElements - 1) / kTaskElements, [&](int64_t task, int) {
    const int64_t first = task * kTaskElements, end = std::min(count, first + kTaskElements);
    if (isInt) std::fill(a.outInt() + first, a.outInt() + end, static_cast<int32_t>(a.call.numbers[0]));
    else std::fill(a.out() + first, a.out() + end, a.real(0));
  });
}

// ints: outer, size, inner, picked
void gather(const Arguments& a, KernelContext& context) {
  const Axis axis{a.number(0), a.number(1), a.number(2)};
  const int64_t picked = a.number(3);
  context.pool.run(axis.outer, [&](int64_t o, int) {
    for (int64_t i = 0; i < picked; i++) {
      const int64_t index = std::clamp<int64_t>(a.inInt(1)[i], 0, axis.size - 1);
      std::memcpy(a.out() + (o * picked + i) * axis.inner, a.in(0) + (o * axis.size + index) * axis.inner, axis.inner * sizeof(float));
    }
  });
}

// ints: outer, size (of the result), inner, picked
void scatterAdd(const Arguments& a, KernelContext& context) {
  const Axis axis{a.number(0), a.number(1), a.number(2)};
  const int64_t picked = a.number(3);
  context.pool.run(axis.outer, [&](int64_t o, int) {
    float* out = a.out() + o * axis.size * axis.inner;
    std::fill(out, out + axis.size * axis.inner, 0.0f);
    for (int64_t i = 0; i < picked; i++) {
      const int64_t index = a.inInt(1)[i];
      if (index < 0 || index >= axis.size) continue;
      const float* from = a.in(0) + (o * picked + i) * axis.inner;
      for (int64_t j = 0; j < axis.inner; j++) out[index * axis.inner + j] += from[j];
    }
  });
}

// ints: outer, size, inner, picked
void takeAlong(const Arguments& a, KernelContext& context) {
  const Axis axis{a.number(0), a.number(1), a.number(2)};
  const int64_t picked = a.number(3);
  context.pool.run(axis.outer, [&](int64_t o, int) {
    for (int64_t i = 0; i < picked; i++)
      for (int64_t j = 0; j < axis.inner; j++) {
        const int64_t place = (o * picked + i) * axis.inner + j;
        const int64_t index = std::clamp<int64_t>(a.inInt(1)[place], 0, axis.size - 1);
        a.out()[place] = a.in(0)[(o * axis.size + index) * axis.inner + j];
      }
  });
}

void putAlong(const Arguments& a, KernelContext& context) {
  const Axis axis{a.number(0), a.number(1), a.number(2)};
  const int64_t picked = a.number(3);
  context.pool.run(axis.outer, [&](int64_t o, int) {
    float* out = a.out() + o * axis.size * axis.inner;
    std::fill(out, out + axis.size * axis.inner, 0.0f);
    for (int64_t i = 0; i < picked; i++)
      for (int64_t j = 0; j < axis.inner; j++) {
        const int64_t place = (o * picked + i) * axis.inner + j;
        const int64_t index = a.inInt(1)[place];
        if (index >= 0 && index < axis.size) out[index * axis.inner + j] += a.in(0)[place];
      }
  });
}

// ints: outer, size, inner. NaN sorts last.
void argSort(const Arguments& a, KernelContext& context) {
  const Axis axis{a.number(0), a.number(1), a.number(2)};
  context.pool.run(axis.outer * axis.inner, [&](int64_t index, int) {
    const int64_t base = index / axis.inner * axis.size * axis.inner + index % axis.inner;
    std::vector<int32_t> order(axis.size);
    std::iota(order.begin(), order.end(), 0);
    const float* values = a.in(0) + base;
    std::stable_sort(order.begin(), order.end(), [&](int32_t p, int32_t q) {
      const float x = values[p * axis.inner], y = values[q * axis.inner];
      return x < y || (y != y && x == x);
    });
    for (int64_t i = 0; i < axis.size; i++) a.outInt()[base + i * axis.inner] = order[i];
  });
}

// ints: outer, size, inner, integers (0 or 1)
void iota(const Arguments& a, KernelContext& context) {
  const Axis axis{a.number(0), a.number(1), a.number(2)};
  const bool isInt = a.number(3) != 0;
  context.pool.run(axis.outer, [&](int64_t o, int) {
    for (int64_t i = 0; i < axis.size; i++) {
      const int64_t at = (o * axis.size + i) * axis.inner;
      if (isInt) std::fill_n(a.outInt() + at, axis.inner, static_cast<int32_t>(i));
      else std::fill_n(a.out() + at, axis.inner, static_cast<float>(i));
    }
  });
}

namespace {

struct Block {
  uint32_t word[4];
};

// Philox 4×32-10, as src/base/random.ts.
Block philox(uint32_t seed, uint32_t stream, uint64_t block, uint32_t step) {
  uint32_t c[4] = {static_cast<uint32_t>(block), step, 0, 0};
  uint32_t k[2] = {seed, stream};
  for (int round = 0; round < 10; round++) {
    const uint64_t p = 0xd2511f53ull * c[0], q = 0xcd9e8d57ull * c[2];
    const uint32_t next[4] = {static_cast<uint32_t>(q >> 32) ^ c[1] ^ k[0], static_cast<uint32_t>(q), static_cast<uint32_t>(p >> 32) ^ c[3] ^ k[1],
                              static_cast<uint32_t>(p)};
    std::memcpy(c, next, sizeof(c));
    k[0] += 0x9e3779b9u;
    k[1] += 0xbb67ae85u;
  }
  return {{c[0], c[1], c[2], c[3]}};
}

float uniformOf(uint32_t word) { return (static_cast<float>(word >> 9) + 0.5f) * 0x1p-23f; }

}  // namespace

// ints: count, stream, normal (0 or 1). The key (seed, step) is the input.
void random(const Arguments& a, KernelContext& context) {
  const int64_t count = a.number(0);
  const uint32_t stream = static_cast<uint32_t>(a.number(1));
  const bool normal = a.number(2) != 0;
  const uint32_t seed = static_cast<uint32_t>(a.inInt(0)[0]), step = static_cast<uint32_t>(a.inInt(0)[1]);
  const int64_t blocks = (count + 3) / 4;
  constexpr int64_t kTaskBlocks = 4096;
  context.pool.run((blocks + kTaskBlocks - 1) / kTaskBlocks, [&](int64_t task, int) {
    for (int64_t b = task * kTaskBlocks; b < std::min(blocks, (task + 1) * kTaskBlocks); b++) {
      const Block block = philox(seed, stream, b, step);
      float values[4];
      for (int i = 0; i < 4; i++) values[i] = uniformOf(block.word[i]);
      if (normal)
        for (int i = 0; i < 4; i += 2) {
          const double radius = std::sqrt(-2 * std::log(static_cast<double>(values[i]))), angle = 2 * M_PI * values[i + 1];
          values[i] = static_cast<float>(radius * std::cos(angle));
          values[i + 1] = static_cast<float>(radius * std::sin(angle));
        }
      for (int64_t i = 0; i < std::min<int64_t>(4, count - b * 4); i++) a.out()[b * 4 + i] = values[i];
    }
  });
}

// ints: count, to integers (0 or 1)
void cast(const Arguments& a, KernelContext& context) {
  const int64_t count = a.number(0);
  const bool toInt = a.number(1) != 0;
  context.pool.run((count + kTaskElements - 1) / kTaskElements, [&](int64_t task, int) {
    for (int64_t i = task * kTaskElements; i < std::min(count, (task + 1) * kTaskElements); i++) {
      if (toInt) a.outInt()[i] = static_cast<int32_t>(a.in(0)[i]);
      else a.out()[i] = static_cast<float>(a.inInt(0)[i]);
    }
  });
}

}  // namespace sagitta::SAGITTA_ISA
