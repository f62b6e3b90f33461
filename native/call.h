// A kernel call as the executor encodes it: which kernel, where its tensors lie, and its numbers.
#pragma once

#include <cstdint>
#include <vector>

#include "conv.h"

namespace sagitta {

// The order is that of `kernelIds` in src/engine/executors/cpu/kernel-ids.ts; a test compares the two.
enum class Kernel : int {
  copyStrided,
  fill,
  elementwise,
  conv,
  convGradInput,
  convGradWeight,
  matmul,
  reduce,
  argMax,
  softmax,
  maxPool,
  maxPoolGrad,
  avgPool,
  avgPoolGrad,
  resize,
  resizeGrad,
  gridSample,
  gridSampleGradInput,
  gridSampleGradGrid,
  normStats,
  normApply,
  normGradSums,
  normGradInput,
  gather,
  scatterAdd,
  takeAlong,
  putAlong,
  argSort,
  iota,
  random,
  cast,
  count
};

enum class Space : int { arena, variable, input, output, constant };

struct Ref {
  Space space;
  int64_t place;  // byte offset in arena or constants; number of the variable, input or output
  char* fixed;    // address of a variable or constant, which never move; null for the rest
};

struct Call {
  Kernel kernel;
  std::vector<Ref> refs;  // inputs, then the output
  std::vector<int64_t> ints;
  std::vector<double> numbers;
};

// A call with its tensors found.
struct Arguments {
  const Call& call;
  char* const* pointers;

  const float* in(int i) const { return reinterpret_cast<const float*>(pointers[i]); }
  const int32_t* inInt(int i) const { return reinterpret_cast<const int32_t*>(pointers[i]); }
  float* out() const { return reinterpret_cast<float*>(pointers[call.refs.size() - 1]); }
  int32_t* outInt() const { return reinterpret_cast<int32_t*>(pointers[call.refs.size() - 1]); }
  int inputs() const { return static_cast<int>(call.refs.size()) - 1; }
  int64_t number(int i) const { return call.ints[i]; }
  float real(int i) const { return static_cast<float>(call.numbers[i]); }
};

typedef void (*RunCall)(const Arguments&, KernelContext&);

// One row an instruction set that this build holds, best first.
struct InstructionSet {
  const char* name;
  RunCall runCall;
  bool (*isSupported)();
};

const std::vector<InstructionSet>& instructionSets();

}  // namespace sagitta
