// Forward convolution, its input gradient and matmul, each told as a lattice.
#include <algorithm>

#include "conv-depthwise.h"
#include "conv-lattice.h"

namespace sagitta::SAGITTA_ISA {

namespace {

bool isDepthwise(const ConvGeometry& g) { return g.groups > 1 && g.groups == g.inChannels && g.groups == g.outChannels; }

bool isPointwise(const Lattice& l) {
  for (const auto& axis : l.axis)
    if (axis.taps.size() != 1 || axis.taps[0].offset != 0 || axis.sourceStep != 1 || axis.step != 1 || axis.start != 0 ||
        axis.count != axis.sourceSize || axis.count != axis.outSize)
      return false;
  return true;
}

LatticeAxis plainAxis(int64_t size) { return {size, 1, size, 0, 1, size, {{0, 0}}}; }

// Positions of a pointwise lattice in rows that register tiles divide well, the rest in a shorter row of its own.
void convolvePointwise(const Lattice& lattice, const float* source, const float* weight, const float* bias, float slope, float* out, KernelContext& context) {
  constexpr int64_t kRow = 96;
  const int64_t positions = lattice.batch * lattice.axis[0].count * lattice.axis[1].count * lattice.axis[2].count;
  const int64_t rows = positions / kRow, rest = positions % kRow;
  Lattice part = lattice;
  part.batch = 1;
  part.axis[0] = plainAxis(1);
  if (rows > 0) {
    part.axis[1] = plainAxis(rows);
    part.axis[2] = plainAxis(kRow);
    convolveLattice(part, source, weight, bias, slope, out, context);
  }
  if (rest > 0) {
    part.axis[1] = plainAxis(1);
    part.axis[2] = plainAxis(rest);
    convolveLattice(part, source + rows * kRow * lattice.inPixel, weight, bias, slope, out + rows * kRow * lattice.outPixel, context);
  }
}

void convolve(const Lattice& lattice, const float* source, const float* weight, const float* bias, float slope, float* out, KernelContext& context) {
  if (isPointwise(lattice)) convolvePointwise(lattice, source, weight, bias, slope, out, context);
  else convolveLattice(lattice, source, weight, bias, slope, out, context);
}

LatticeAxis forwardAxis(const ConvGeometry& g, int a) {
  LatticeAxis axis{g.in[a], g.stride[a], g.out[a], 0, 1, g.out[a], {}};
  for (int64_t k = 0; k < g.kernel[a]; k++) axis.taps.push_back({k * g.dilation[a] - g.padLow[a], k});
  return axis;
}

// Inputs i = stride·q + phase get gradient from outputs q + (phase + pad − k·dilation)/stride, for the k where that is whole.
LatticeAxis backwardAxis(const ConvGeometry& g, int a, int64_t phase) {
  const int64_t count = g.in[a] > phase ? (g.in[a] - phase + g.stride[a] - 1) / g.stride[a] : 0;
  LatticeAxis axis{g.out[a], 1, g.in[a], phase, g.stride[a], count, {}};
  for (int64_t k = 0; k < g.kernel[a]; k++) {
    const int64_t offset = phase + g.padLow[a] - k * g.dilation[a];
    if (offset % g.stride[a] == 0) axis.taps.push_back({offset / g.stride[a], k});
  }
  return axis;
}

}  // namespace

void conv(const ConvGeometry& g, const float* x, const float* weight, const float* bias, float slope, float* y, KernelContext& context) {
  const int64_t kernelSize = g.kernel[0] * g.kernel[1] * g.kernel[2];
  const int64_t in = g.inChannels / g.groups, outs = g.outChannels / g.groups;
  Lattice lattice{g.batch, {forwardAxis(g, 0), forwardAxis(g, 1), forwardAxis(g, 2)}, in, 0, g.inChannels, outs, 0, g.outChannels,
                  in * kernelSize, kernelSize, {g.kernel[0], g.kernel[1], g.kernel[2]}};
  if (isDepthwise(g)) {
    lattice.inChannels = lattice.outChannels = g.inChannels;
    depthwiseLattice(lattice, x, weight, bias, slope, y, context);
    return;
  }
  for (int64_t group = 0; group < g.groups; group++) {
    lattice.inFirst = group * in;
    lattice.outFirst = group * outs;
    convolve(lattice, x, weight + group * outs * in * kernelSize, bias ? bias + group * outs : nullptr, slope, y, context);
  }
}

void convGradInput(const ConvGeometry& g, const float* dy, const float* weight, const float* bias, float* dx, KernelContext& context) {
  const int64_t kernelSize = g.kernel[0] * g.kernel[1] * g.kernel[2];
  const int64_t in = g.inChannels / g.groups, outs = g.outChannels / g.groups;
  for (int64_t pd = 0; pd < g.stride[0]; pd++)
    for (int64_t ph = 0; ph < g.stride[1]; ph++)
      for (int64_t pw = 0; pw < g.stride[2]; pw++) {
        Lattice lattice{g.batch, {backwardAxis(g, 0, pd), backwardAxis(g, 1, ph), backwardAxis(g, 2, pw)}, outs, 0, g.outChannels, in, 0, g.inChannels,
                        kernelSize, in * kernelSize, {g.kernel[0], g.kernel[1], g.kernel[2]}};
        if (isDepthwise(g)) {
          lattice.inChannels = lattice.outChannels = g.inChannels;
          depthwiseLattice(lattice, dy, weight, bias, 1.0f, dx, context);
          continue;
        }
        for (int64_t group = 0; group < g.groups; group++) {
          lattice.inFirst = group * outs;
          lattice.outFirst = group * in;
          convolve(lattice, dy, weight + group * outs * in * kernelSize, bias ? bias + group * in : nullptr, 1.0f, dx, context);
        }
      }
}

void matmul(const MatmulShape& s, const float* a, const float* b, float* c, KernelContext& context) {
  Lattice lattice{1, {plainAxis(1), plainAxis(1), plainAxis(s.m)}, s.k, 0, s.k, s.n, 0, s.n, s.transposeB ? s.k : 1, s.transposeB ? 1 : s.n, {1, 1, 1}};
  for (int64_t i = 0; i < s.batch; i++, a += s.m * s.k, b += s.k * s.n, c += s.m * s.n) {
    const float* rows = a;
    if (s.transposeA) {
      float* transposed = context.workspace.outer(s.m * s.k);
      context.pool.run((s.m + 31) / 32, [&](int64_t block, int) {
        for (int64_t m = block * 32; m < std::min(s.m, block * 32 + 32); m++)
          for (int64_t k = 0; k < s.k; k++) transposed[m * s.k + k] = a[k * s.m + m];
      });
      rows = transposed;
    }
    convolvePointwise(lattice, rows, b, nullptr, 1.0f, c, context);
  }
}

}  // namespace sagitta::SAGITTA_ISA
