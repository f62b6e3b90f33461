// The instruction sets of this build, best first. Compiled once, for the baseline.
#include "call.h"

namespace sagitta {

#if defined(__x86_64__)
namespace avx512 {
void runCall(const Arguments&, KernelContext&);
}
namespace avx2 {
void runCall(const Arguments&, KernelContext&);
}
namespace {
bool hasAvx512() {
  return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512bw") &&
         __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("fma");
}
bool hasAvx2() { return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"); }
}  // namespace
#elif defined(__aarch64__)
namespace neon {
void runCall(const Arguments&, KernelContext&);
}
#endif
namespace baseline {
void runCall(const Arguments&, KernelContext&);
}
namespace {
bool always() { return true; }
}  // namespace

const std::vector<InstructionSet>& instructionSets() {
  static const std::vector<InstructionSet> sets = {
#if defined(__x86_64__)
      {"avx512", avx512::runCall, hasAvx512},
      {"avx2", avx2::runCall, hasAvx2},
#elif defined(__aarch64__)
      {"neon", neon::runCall, always},
#endif
      {"baseline", baseline::runCall, always},
  };
  return sets;
}

}  // namespace sagitta
