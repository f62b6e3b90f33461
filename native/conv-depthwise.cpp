#include "conv-depthwise.h"

#include <algorithm>

namespace sagitta::SAGITTA_ISA {

namespace {

struct Tap {
  int64_t source;  // floats from the position's own place in the source
  int64_t weight;  // floats into the packed weights
};

// Sums for one position; the channels beyond whole vectors are done one by one.
void position(const float* source, const std::vector<Tap>& taps, const float* weights, const float* bias, float slope, int64_t channels, float* out) {
  int64_t c = 0;
  for (; c + kVectorFloats <= channels; c += kVectorFloats) {
    Vector sum = bias ? load(bias + c) : Vector{};
    for (const Tap& tap : taps) sum += load(source + tap.source + c) * load(weights + tap.weight + c);
    if (slope != 1.0f) sum = sum > 0 ? sum : sum * slope;
    store(out + c, sum);
  }
  for (; c < channels; c++) {
    float sum = bias ? bias[c] : 0;
    for (const Tap& tap : taps) sum += source[tap.source + c] * weights[tap.weight + c];
    out[c] = slope != 1.0f && sum <= 0 ? sum * slope : sum;
  }
}

}  // namespace

void depthwiseLattice(const Lattice& l, const float* source, const float* weight, const float* bias, float slope, float* out, KernelContext& context) {
  const int64_t channels = l.outChannels;
  const int64_t kernelSize = l.kernel[0] * l.kernel[1] * l.kernel[2];
  float* weights = context.workspace.shared(kernelSize * channels);
  for (int64_t k = 0; k < kernelSize; k++)
    for (int64_t c = 0; c < channels; c++) weights[k * channels + c] = weight[c * kernelSize + k];
  const auto& [d, h, w] = l.axis;
  context.pool.run(l.batch * d.count * h.count, [&](int64_t index, int) {
    const int64_t row = index % h.count;
    const int64_t plane = index / h.count % d.count;
    const int64_t n = index / h.count / d.count;
    std::vector<Tap> rowTaps, taps;
    std::vector<int64_t> columns;
    for (const auto& td : d.taps)
      for (const auto& th : h.taps) {
        const int64_t z = plane * d.sourceStep + td.offset, y = row * h.sourceStep + th.offset;
        if (z < 0 || z >= d.sourceSize || y < 0 || y >= h.sourceSize) continue;
        for (const auto& tw : w.taps) {
          const int64_t k = (td.kernelIndex * l.kernel[1] + th.kernelIndex) * l.kernel[2] + tw.kernelIndex;
          rowTaps.push_back({(((n * d.sourceSize + z) * h.sourceSize + y) * w.sourceSize + tw.offset) * channels, k * channels});
          columns.push_back(tw.offset);
        }
      }
    float* to = out + (((n * d.outSize + d.start + plane * d.step) * h.outSize + h.start + row * h.step) * w.outSize + w.start) * channels;
    for (int64_t i = 0; i < w.count; i++, to += w.step * channels) {
      const int64_t column = i * w.sourceStep;
      taps.clear();
      for (size_t t = 0; t < rowTaps.size(); t++)
        if (column + columns[t] >= 0 && column + columns[t] < w.sourceSize) taps.push_back(rowTaps[t]);
      position(source + column * channels, taps, weights, bias, slope, channels, to);
    }
  });
}

void depthwiseGradWeight(const ConvGeometry& g, const float* x, const float* dy, float* dw, KernelContext& context) {
  const int64_t channels = g.inChannels;
  const int64_t kernelSize = g.kernel[0] * g.kernel[1] * g.kernel[2];
  // One task a vector of channels: each sums over all positions in order, so no partial sums need joining.
  const int64_t blocks = (channels + kVectorFloats - 1) / kVectorFloats;
  context.pool.run(blocks * kernelSize, [&](int64_t index, int) {
    const int64_t first = index / kernelSize * kVectorFloats;
    const int64_t k = index % kernelSize;
    const int64_t offset[3] = {k / (g.kernel[1] * g.kernel[2]) * g.dilation[0] - g.padLow[0],
                               k / g.kernel[2] % g.kernel[1] * g.dilation[1] - g.padLow[1],
                               k % g.kernel[2] * g.dilation[2] - g.padLow[2]};
    const int lanes = static_cast<int>(std::min<int64_t>(kVectorFloats, channels - first));
    int64_t from[3], to[3];
    for (int a = 0; a < 3; a++) {
      from[a] = std::max<int64_t>(0, (-offset[a] + g.stride[a] - 1) / g.stride[a]);
      const int64_t last = g.in[a] - 1 - offset[a];
      to[a] = last < 0 ? 0 : std::min(g.out[a], last / g.stride[a] + 1);
    }
    double total[kVectorFloats] = {};
    for (int64_t n = 0; n < g.batch; n++)
      for (int64_t z = from[0]; z < to[0]; z++)
        for (int64_t y = from[1]; y < to[1]; y++) {
          const float* dyRow = dy + ((n * g.out[0] + z) * g.out[1] + y) * g.out[2] * channels + first;
          const int64_t sourceRow = (n * g.in[0] + z * g.stride[0] + offset[0]) * g.in[1] + y * g.stride[1] + offset[1];
          const float* xRow = x + (sourceRow * g.in[2] + offset[2]) * channels + first;
          Vector sum{};
          float tail[kVectorFloats] = {};
          for (int64_t w = from[2]; w < to[2]; w++) {
            const float* a = xRow + w * g.stride[2] * channels;
            const float* b = dyRow + w * channels;
            if (lanes == kVectorFloats) sum += load(a) * load(b);
            else
              for (int i = 0; i < lanes; i++) tail[i] += a[i] * b[i];
          }
          for (int i = 0; i < lanes; i++) total[i] += lanes == kVectorFloats ? sum[i] : tail[i];
        }
    for (int i = 0; i < lanes; i++) dw[(first + i) * kernelSize + k] = static_cast<float>(total[i]);
  });
}

}  // namespace sagitta::SAGITTA_ISA
