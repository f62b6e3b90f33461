// The one loop nest behind forward convolution, input gradient and matmul: each output of a lattice is a sum over taps of a
// row of source channels times a block of weights.
#pragma once

#include <cstdint>
#include <vector>

#include "conv.h"

namespace sagitta::SAGITTA_ISA {

// N floats as a vector; `loose` may lie at any float.
template <int N>
struct Floats {
  typedef float type __attribute__((vector_size(N * 4)));
  typedef float loose __attribute__((vector_size(N * 4), aligned(4)));
};
template <>
struct Floats<1> {
  typedef float type;
  typedef float loose;
};

// Along one axis: which kernel indices take part, and at which offset each reads the source.
struct AxisTap {
  int64_t offset;
  int64_t kernelIndex;
};

// out[start + step·i] = Σ source[sourceStep·i + offset] · weight[kernelIndex], for i in 0 … count − 1, on each axis.
struct LatticeAxis {
  int64_t sourceSize;
  int64_t sourceStep;
  int64_t outSize;
  int64_t start;
  int64_t step;
  int64_t count;
  std::vector<AxisTap> taps;
};

struct Lattice {
  int64_t batch;
  LatticeAxis axis[3];
  // Channels that take part, their first, and the number that a pixel holds in memory.
  int64_t inChannels, inFirst, inPixel;
  int64_t outChannels, outFirst, outPixel;
  // Weight of (output channel o, input channel c, kernel index k) at o·weightOut + c·weightIn + k.
  int64_t weightOut, weightIn;
  int64_t kernel[3];
};

void convolveLattice(const Lattice& lattice, const float* source, const float* weight, const float* bias, float slope,
                     float* out, KernelContext& context);

// A block of channels that one register tile covers: `width` lanes in vectors of `vector` floats, of which `lanes` are real.
struct ChannelBlock {
  int64_t first;
  int lanes;
  int vector;
  int vectors;
  int width() const { return vector * vectors; }
};

// Source rows copied with their zero borders, so that no inner loop asks whether it is inside.
struct RowWindow {
  int64_t firstRow, rows;    // source rows, may lie outside
  int64_t firstColumn, columns;
};

void packRows(const float* source, int64_t height, int64_t width, int64_t pixel, int64_t channels, const RowWindow& window,
              float* out);

}  // namespace sagitta::SAGITTA_ISA
