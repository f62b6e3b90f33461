// Fused elementwise programs: a tile of the result at a time, instruction by instruction over registers that stay in cache.
#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

#include "kernels.h"
#include "vector-math.h"

namespace sagitta::SAGITTA_ISA {

namespace {

// The order is that of `instructionIds` in src/engine/executors/cpu/kernel-ids.ts.
enum class Instruction : int {
  neg, abs, sign, floor, exp, expm1, log, log1p, sqrt, rsqrt, sigmoid, tanh, softplus, erf, sin, cos, leakyRelu, clamp,
  add, sub, mul, div, maximum, minimum, pow, equal, less, lessEqual, leakyReluGrad, where, constant
};

constexpr int64_t kTile = 1024;
constexpr int64_t kTaskElements = 16 * kTile;

// How an input is read: each element (contiguous), one for all (scalar), or by strides over the result's axes.
enum class Access : int { contiguous, scalar, strided };

struct Step {
  Instruction op;
  int operands[3];
  float numbers[2];
  int result;  // register of the result, or −1 for the output
};

// The encoded program: ints are [count, rank, dims…, inputs × (access, strides…), steps, steps × (op, a, b, c, result), registers],
// numbers are two a step. An operand is an input (0 … inputs − 1) or inputs + register.
struct Program {
  int64_t count;
  int rank;
  const int64_t* dims;
  int inputs;
  const int64_t* accesses;
  int steps;
  const int64_t* encodedSteps;
  int registers;
  const double* numbers;

  explicit Program(const Arguments& a) {
    const int64_t* n = a.call.ints.data();
    count = *n++;
    rank = static_cast<int>(*n++);
    dims = n;
    n += rank;
    inputs = a.inputs();
    accesses = n;
    n += inputs * (1 + rank);
    steps = static_cast<int>(*n++);
    encodedSteps = n;
    n += steps * 5;
    registers = static_cast<int>(*n);
    numbers = a.call.numbers.data();
  }
  Access access(int input) const { return static_cast<Access>(accesses[input * (1 + rank)]); }
  const int64_t* strides(int input) const { return accesses + input * (1 + rank) + 1; }
  Step step(int i) const {
    const int64_t* n = encodedSteps + i * 5;
    return {static_cast<Instruction>(n[0]), {static_cast<int>(n[1]), static_cast<int>(n[2]), static_cast<int>(n[3])},
            {static_cast<float>(numbers[2 * i]), static_cast<float>(numbers[2 * i + 1])}, static_cast<int>(n[4])};
  }
};

// Copies `count` elements of a strided input, from linear index `first` of the result, into `to`.
void loadStrided(const Program& program, int input, const float* from, int64_t first, int64_t count, float* to) {
  const int64_t* strides = program.strides(input);
  int64_t index[8];
  int64_t rest = first, offset = 0;
  for (int axis = program.rank - 1; axis >= 0; axis--) {
    index[axis] = rest % program.dims[axis];
    rest /= program.dims[axis];
    offset += index[axis] * strides[axis];
  }
  const int last = program.rank - 1;
  while (count > 0) {
    const int64_t run = std::min(count, program.dims[last] - index[last]);
    const float* source = from + offset;
    if (strides[last] == 1) std::memcpy(to, source, run * sizeof(float));
    else if (strides[last] == 0) std::fill(to, to + run, *source);
    else
      for (int64_t i = 0; i < run; i++) to[i] = source[i * strides[last]];
    to += run;
    count -= run;
    offset -= index[last] * strides[last];
    index[last] = 0;
    for (int axis = last - 1; axis >= 0; axis--) {
      offset += strides[axis];
      if (++index[axis] < program.dims[axis]) break;
      offset -= index[axis] * strides[axis];
      index[axis] = 0;
    }
  }
}

template <typename F>
void eachVector(int64_t count, const float* a, float* out, F f) {
  int64_t i = 0;
  for (; i + kVectorFloats <= count; i += kVectorFloats) store(out + i, f(load(a + i)));
  if (i == count) return;
  float tail[kVectorFloats] = {};
  std::memcpy(tail, a + i, (count - i) * sizeof(float));
  store(tail, f(load(tail)));
  std::memcpy(out + i, tail, (count - i) * sizeof(float));
}

template <typename F>
void eachScalar(int64_t count, const float* a, float* out, F f) {
  for (int64_t i = 0; i < count; i++) out[i] = f(a[i]);
}

// Operands of a two- or three-input step lie in arrays of the tile's length; the compiler turns these loops into vectors.
template <typename F>
void eachPair(int64_t count, const float* a, const float* b, float* out, F f) {
  for (int64_t i = 0; i < count; i++) out[i] = f(a[i], b[i]);
}

// Blocks of ordinary operands in vectors; negative bases, infinities and NaN by the library.
void powers(int64_t count, const float* base, const float* exponent, float* out) {
  constexpr int64_t kBlock = 64;
  constexpr float kLargest = std::numeric_limits<float>::max();
  for (int64_t first = 0; first < count; first += kBlock) {
    const int64_t n = std::min(kBlock, count - first);
    const float *a = base + first, *b = exponent + first;
    int odd = 0;
    for (int64_t i = 0; i < n; i++) odd |= !(a[i] >= 0 && a[i] <= kLargest && std::fabs(b[i]) <= kLargest);
    if (odd) eachPair(n, a, b, out + first, [](float p, float q) { return std::pow(p, q); });
    else eachPair(n, a, b, out + first, power);
  }
}

void runStep(const Step& step, int64_t n, const float* const* operand, float* out) {
  const float *a = operand[0], *b = operand[1], *c = operand[2];
  const float x = step.numbers[0], y = step.numbers[1];
  switch (step.op) {
    case Instruction::neg: return eachScalar(n, a, out, [](float v) { return -v; });
    case Instruction::abs: return eachScalar(n, a, out, [](float v) { return std::fabs(v); });
    case Instruction::sign: return eachScalar(n, a, out, [](float v) { return v > 0 ? 1.0f : v < 0 ? -1.0f : v; });
    case Instruction::floor: return eachScalar(n, a, out, [](float v) { return std::floor(v); });
    case Instruction::exp: return eachVector(n, a, out, exponential);
    case Instruction::expm1: return eachVector(n, a, out, exponentialMinusOne);
    case Instruction::log: return eachVector(n, a, out, logarithm);
    case Instruction::log1p: return eachVector(n, a, out, logarithmOfOnePlus);
    case Instruction::sqrt: return eachScalar(n, a, out, [](float v) { return std::sqrt(v); });
    case Instruction::rsqrt: return eachScalar(n, a, out, [](float v) { return 1.0f / std::sqrt(v); });
    case Instruction::sigmoid: return eachVector(n, a, out, logistic);
    case Instruction::tanh: return eachVector(n, a, out, hyperbolicTangent);
    case Instruction::softplus: return eachVector(n, a, out, softPlus);
    case Instruction::erf: return eachVector(n, a, out, errorFunction);
    case Instruction::sin: return eachVector(n, a, out, sine);
    case Instruction::cos: return eachVector(n, a, out, cosine);
    case Instruction::leakyRelu: return eachScalar(n, a, out, [x](float v) { return v > 0 ? v : v * x; });
    case Instruction::clamp: return eachScalar(n, a, out, [x, y](float v) { return v < x ? x : v > y ? y : v; });
    case Instruction::add: return eachPair(n, a, b, out, [](float p, float q) { return p + q; });
    case Instruction::sub: return eachPair(n, a, b, out, [](float p, float q) { return p - q; });
    case Instruction::mul: return eachPair(n, a, b, out, [](float p, float q) { return p * q; });
    case Instruction::div: return eachPair(n, a, b, out, [](float p, float q) { return p / q; });
    // NaN in either operand is kept, as in PyTorch.
    case Instruction::maximum: return eachPair(n, a, b, out, [](float p, float q) { return p > q || p != p ? p : q; });
    case Instruction::minimum: return eachPair(n, a, b, out, [](float p, float q) { return p < q || p != p ? p : q; });
    case Instruction::pow: return powers(n, a, b, out);
    case Instruction::equal: return eachPair(n, a, b, out, [](float p, float q) { return p == q ? 1.0f : 0.0f; });
    case Instruction::less: return eachPair(n, a, b, out, [](float p, float q) { return p < q ? 1.0f : 0.0f; });
    case Instruction::lessEqual: return eachPair(n, a, b, out, [](float p, float q) { return p <= q ? 1.0f : 0.0f; });
    case Instruction::leakyReluGrad: return eachPair(n, a, b, out, [x](float dy, float v) { return v > 0 ? dy : dy * x; });
    case Instruction::where:
      for (int64_t i = 0; i < n; i++) out[i] = a[i] != 0 ? b[i] : c[i];
      return;
    case Instruction::constant: std::fill(out, out + n, x); return;
  }
}

}  // namespace

void elementwise(const Arguments& a, KernelContext& context) {
  const Program program(a);
  const int slots = program.inputs + program.registers;
  std::vector<Step> steps;
  for (int i = 0; i < program.steps; i++) steps.push_back(program.step(i));
  const int64_t tasks = (program.count + kTaskElements - 1) / kTaskElements;
  context.pool.run(tasks, [&](int64_t task, int thread) {
    float* scratch = context.workspace.own(thread, slots * kTile);
    const int64_t end = std::min(program.count, (task + 1) * kTaskElements);
    std::vector<const float*> slot(std::max(1, slots));
    for (int i = 0; i < program.inputs; i++) {
      slot[i] = scratch + i * kTile;
      if (program.access(i) == Access::scalar) std::fill(scratch + i * kTile, scratch + (i + 1) * kTile, *a.in(i));
    }
    for (int r = 0; r < program.registers; r++) slot[program.inputs + r] = scratch + (program.inputs + r) * kTile;
    // A constant's register is never given to another step, so it is filled once.
    for (const Step& step : steps)
      if (step.op == Instruction::constant) std::fill_n(scratch + (program.inputs + step.result) * kTile, kTile, step.numbers[0]);
    for (int64_t first = task * kTaskElements; first < end; first += kTile) {
      const int64_t count = std::min(kTile, end - first);
      for (int i = 0; i < program.inputs; i++) {
        if (program.access(i) == Access::contiguous) slot[i] = a.in(i) + first;
        else if (program.access(i) == Access::strided) loadStrided(program, i, a.in(i), first, count, scratch + i * kTile);
      }
      for (const Step& step : steps) {
        if (step.op == Instruction::constant && step.result >= 0) continue;
        const float* operands[3] = {slot[step.operands[0]], slot[step.operands[1]], slot[step.operands[2]]};
        float* out = step.result < 0 ? a.out() + first : scratch + (program.inputs + step.result) * kTile;
        runStep(step, count, operands, out);
      }
    }
  });
}

}  // namespace sagitta::SAGITTA_ISA
