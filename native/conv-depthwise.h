// Depthwise convolutions (one input channel a group, one output channel a group): vectors run over channels.
#pragma once

#include "conv-lattice.h"

namespace sagitta::SAGITTA_ISA {

// As convolveLattice, but output channel c sees input channel c only; weight [C, kd·kh·kw].
void depthwiseLattice(const Lattice& lattice, const float* source, const float* weight, const float* bias, float slope, float* out,
                      KernelContext& context);

void depthwiseGradWeight(const ConvGeometry& g, const float* x, const float* dy, float* dw, KernelContext& context);

}  // namespace sagitta::SAGITTA_ISA
