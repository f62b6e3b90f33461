// All kernel families besides convolutions, one function a kernel. Activations are channels-last: [N, …spatial, C].
#pragma once

#include "call.h"

namespace sagitta::SAGITTA_ISA {

void runCall(const Arguments& a, KernelContext& context);

// copy.cpp
void copyStrided(const Arguments& a, KernelContext& context);
void fill(const Arguments& a, KernelContext& context);
void gather(const Arguments& a, KernelContext& context);
void scatterAdd(const Arguments& a, KernelContext& context);
void takeAlong(const Arguments& a, KernelContext& context);
void putAlong(const Arguments& a, KernelContext& context);
void argSort(const Arguments& a, KernelContext& context);
void iota(const Arguments& a, KernelContext& context);
void random(const Arguments& a, KernelContext& context);
void cast(const Arguments& a, KernelContext& context);
// elementwise.cpp
void elementwise(const Arguments& a, KernelContext& context);
// reduce.cpp
void reduce(const Arguments& a, KernelContext& context);
void argMax(const Arguments& a, KernelContext& context);
void softmax(const Arguments& a, KernelContext& context);
// pool.cpp
void maxPool(const Arguments& a, KernelContext& context);
void maxPoolGrad(const Arguments& a, KernelContext& context);
void avgPool(const Arguments& a, KernelContext& context);
void avgPoolGrad(const Arguments& a, KernelContext& context);
// resize.cpp
void resize(const Arguments& a, KernelContext& context);
void resizeGrad(const Arguments& a, KernelContext& context);
// grid-sample.cpp
void gridSample(const Arguments& a, KernelContext& context);
void gridSampleGradInput(const Arguments& a, KernelContext& context);
void gridSampleGradGrid(const Arguments& a, KernelContext& context);
// norm.cpp
void normStats(const Arguments& a, KernelContext& context);
void normApply(const Arguments& a, KernelContext& context);
void normGradSums(const Arguments& a, KernelContext& context);
void normGradInput(const Arguments& a, KernelContext& context);

}  // namespace sagitta::SAGITTA_ISA
