// Convolutions on channels-last tensors: x [N, D, H, W, C], y [N, OD, OH, OW, O]. One and two dimensions have leading sizes of 1.
// Weights are in logical order [O, C/groups, kd, kh, kw]; kernels pack them into the workspace.
#pragma once

#include <cstdint>

#include "isa.h"
#include "thread-pool.h"
#include "workspace.h"

namespace sagitta {

struct ConvGeometry {
  int64_t batch;
  int64_t in[3];
  int64_t out[3];
  int64_t kernel[3];
  int64_t stride[3];
  int64_t padLow[3];
  int64_t dilation[3];
  int64_t groups;
  int64_t inChannels;
  int64_t outChannels;
};

// Where a kernel runs and what memory it may use.
struct KernelContext {
  ThreadPool& pool;
  Workspace& workspace;
};

struct MatmulShape {
  int64_t batch, m, n, k;
  bool transposeA, transposeB;
};

}  // namespace sagitta

namespace sagitta::SAGITTA_ISA {

// y = x * weight + bias, then a leaky ReLU with `slope` (1 for none). bias may be null.
void conv(const ConvGeometry& g, const float* x, const float* weight, const float* bias, float slope, float* y,
          KernelContext& context);

// dx = gradient of conv with respect to x; also the transposed convolution. bias [C] may be null.
void convGradInput(const ConvGeometry& g, const float* dy, const float* weight, const float* bias, float* dx,
                   KernelContext& context);

// dw = gradient of conv with respect to weight, in logical order.
void convGradWeight(const ConvGeometry& g, const float* x, const float* dy, float* dw, KernelContext& context);

// c [batch, m, n] = a · b, a [batch, m, k] (or [batch, k, m] when transposed), b [batch, k, n] (or [batch, n, k]).
void matmul(const MatmulShape& shape, const float* a, const float* b, float* c, KernelContext& context);

}  // namespace sagitta::SAGITTA_ISA
