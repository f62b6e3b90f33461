#include "kernels.h"

namespace sagitta::SAGITTA_ISA {

namespace {

// ints: batch, in[3], out[3], kernel[3], stride[3], padLow[3], dilation[3], groups, inChannels, outChannels
ConvGeometry geometryOf(const Arguments& a) {
  const int64_t* n = a.call.ints.data();
  ConvGeometry g;
  g.batch = n[0];
  for (int i = 0; i < 3; i++) {
    g.in[i] = n[1 + i];
    g.out[i] = n[4 + i];
    g.kernel[i] = n[7 + i];
    g.stride[i] = n[10 + i];
    g.padLow[i] = n[13 + i];
    g.dilation[i] = n[16 + i];
  }
  g.groups = n[19];
  g.inChannels = n[20];
  g.outChannels = n[21];
  return g;
}

}  // namespace

void runCall(const Arguments& a, KernelContext& context) {
  switch (a.call.kernel) {
    case Kernel::copyStrided: return copyStrided(a, context);
    case Kernel::fill: return fill(a, context);
    case Kernel::elementwise: return elementwise(a, context);
    case Kernel::conv: return conv(geometryOf(a), a.in(0), a.in(1), a.inputs() > 2 ? a.in(2) : nullptr, a.real(0), a.out(), context);
    case Kernel::convGradInput: return convGradInput(geometryOf(a), a.in(0), a.in(1), a.inputs() > 2 ? a.in(2) : nullptr, a.out(), context);
    case Kernel::convGradWeight: return convGradWeight(geometryOf(a), a.in(0), a.in(1), a.out(), context);
    case Kernel::matmul:
      return matmul({a.number(0), a.number(1), a.number(2), a.number(3), a.number(4) != 0, a.number(5) != 0}, a.in(0), a.in(1), a.out(), context);
    case Kernel::reduce: return reduce(a, context);
    case Kernel::argMax: return argMax(a, context);
    case Kernel::softmax: return softmax(a, context);
    case Kernel::maxPool: return maxPool(a, context);
    case Kernel::maxPoolGrad: return maxPoolGrad(a, context);
    case Kernel::avgPool: return avgPool(a, context);
    case Kernel::avgPoolGrad: return avgPoolGrad(a, context);
    case Kernel::resize: return resize(a, context);
    case Kernel::resizeGrad: return resizeGrad(a, context);
    case Kernel::gridSample: return gridSample(a, context);
    case Kernel::gridSampleGradInput: return gridSampleGradInput(a, context);
    case Kernel::gridSampleGradGrid: return gridSampleGradGrid(a, context);
    case Kernel::normStats: return normStats(a, context);
    case Kernel::normApply: return normApply(a, context);
    case Kernel::normGradSums: return normGradSums(a, context);
    case Kernel::normGradInput: return normGradInput(a, context);
    case Kernel::gather: return gather(a, context);
    case Kernel::scatterAdd: return scatterAdd(a, context);
    case Kernel::takeAlong: return takeAlong(a, context);
    case Kernel::putAlong: return putAlong(a, context);
    case Kernel::argSort: return argSort(a, context);
    case Kernel::iota: return iota(a, context);
    case Kernel::random: return random(a, context);
    case Kernel::cast: return cast(a, context);
    case Kernel::count: return;
  }
}

}  // namespace sagitta::SAGITTA_ISA
