#include <algorithm>
#include <cstring>
#include <utility>

#include "conv-depthwise.h"
#include "conv-lattice.h"

namespace sagitta::SAGITTA_ISA {

namespace {

#if defined(SAGITTA_ISA_AVX512) || defined(SAGITTA_ISA_NEON)
constexpr int kMaxScalars = 12;
#else
constexpr int kMaxScalars = 6;
#endif

// Source and gradient rows of one pass should stay near the first-level cache.
constexpr int64_t kPassFloats = 16 * 1024;
constexpr int64_t kWantedTasks = 16;
constexpr int64_t kSmallWeightFloats = 32 * 1024;
// Partial sums of all chunks together.
constexpr int64_t kMaxPartialFloats = 16 << 20;

// sums[i][v] += Σ over rows and positions of scalars[i] · vector[v]: one side is broadcast, the other is loaded as vectors.
struct OuterSum {
  const float* scalars;
  int64_t scalarPixel, scalarRow;
  const float* vectors;
  int64_t vectorPixel, vectorRow;
  int64_t rows, positions;
  float* sums;
  int64_t sumStride;
};

template <int VW, int NV, int I>
void accumulate(const OuterSum& s) {
  typedef typename Floats<VW>::type V;
  typedef typename Floats<VW>::loose L;
  V acc[I][NV];
  for (int i = 0; i < I; i++)
    for (int v = 0; v < NV; v++) acc[i][v] = *reinterpret_cast<const L*>(s.sums + i * s.sumStride + v * VW);
  for (int64_t r = 0; r < s.rows; r++) {
    const float* a = s.scalars + r * s.scalarRow;
    const float* b = s.vectors + r * s.vectorRow;
    for (int64_t p = 0; p < s.positions; p++) {
      V vector[NV];
#pragma GCC unroll 8
      for (int v = 0; v < NV; v++) vector[v] = *reinterpret_cast<const L*>(b + v * VW);
#pragma GCC unroll 16
      for (int i = 0; i < I; i++) {
        const float x = a[i];
#pragma GCC unroll 8
        for (int v = 0; v < NV; v++) acc[i][v] += x * vector[v];
      }
      a += s.scalarPixel;
      b += s.vectorPixel;
    }
  }
  for (int i = 0; i < I; i++)
    for (int v = 0; v < NV; v++) *reinterpret_cast<L*>(s.sums + i * s.sumStride + v * VW) = acc[i][v];
}

typedef void (*SumKernel)(const OuterSum&);

template <int VW, int NV, int... I>
constexpr void fillKernels(SumKernel* table, std::integer_sequence<int, I...>) {
  ((table[I] = accumulate<VW, NV, I + 1>), ...);
}

struct SumKernels {
  SumKernel two[kMaxScalars], one[kMaxScalars], half[kMaxScalars], quarter[kMaxScalars], single[kMaxScalars];
  SumKernels() {
    constexpr auto counts = std::make_integer_sequence<int, kMaxScalars>{};
    constexpr int half_width = kVectorFloats >= 8 ? kVectorFloats / 2 : 4;
    fillKernels<kVectorFloats, 2>(two, counts);
    fillKernels<kVectorFloats, 1>(one, counts);
    fillKernels<half_width, 1>(half, counts);
    fillKernels<4, 1>(quarter, counts);
    fillKernels<1, 1>(single, counts);
  }
};

const SumKernels kernels;

struct VectorBlock {
  int64_t first;
  int width;
  const SumKernel* kernel;
};

// Blocks that cover the channels exactly: nothing is read or written beyond them.
std::vector<VectorBlock> exactBlocks(int64_t channels) {
  std::vector<VectorBlock> blocks;
  const std::pair<int, const SumKernel*> sizes[] = {{2 * kVectorFloats, kernels.two},
                                                    {kVectorFloats, kernels.one},
                                                    {kVectorFloats >= 8 ? kVectorFloats / 2 : 4, kernels.half},
                                                    {4, kernels.quarter},
                                                    {1, kernels.single}};
  for (int64_t first = 0; first < channels;)
    for (const auto& [width, kernel] : sizes)
      if (channels - first >= width) {
        blocks.push_back({first, width, kernel});
        first += width;
        break;
      }
  return blocks;
}

// The gradient for one group of channels. Along W the taps of one (kd, kh) and the channels form one run of "columns"
// (kw, c) when the dilation is 1, because neighbouring taps are neighbouring pixels; else each kw is a run of its own.
class WeightGradient {
 public:
  WeightGradient(const ConvGeometry& g, int64_t group, const float* x, const float* dy) : g_(g), x_(x), dy_(dy) {
    channels_ = g.inChannels / g.groups;
    outs_ = g.outChannels / g.groups;
    inFirst_ = group * channels_;
    outFirst_ = group * outs_;
    runs_ = g.dilation[2] == 1 && (packs() || channels_ == g.inChannels) ? 1 : g.kernel[2];
    columns_ = channels_ * g.kernel[2] / runs_;
    // Few output channels: load the columns as vectors and broadcast the gradient instead.
    swapped_ = outs_ < 4 && columns_ >= 4;
    blocks_ = exactBlocks(swapped_ ? columns_ : outs_);
    const int64_t floats = matrices() * columns_ * outs_;
    const int64_t planes = g.batch * g.out[0];
    // Small weights: many partial sums are cheap. Large ones: split the channels among tasks before the positions.
    blockGroups_ = floats > kSmallWeightFloats || planes < 8 ? std::min<int64_t>(blocks_.size(), 8) : 1;
    const int64_t wanted = (kWantedTasks + blockGroups_ - 1) / blockGroups_;
    chunks_ = std::clamp<int64_t>(std::min({planes, wanted, kMaxPartialFloats / floats}), 1, kWantedTasks);
    const int64_t perRow = g.out[2] * (outs_ + channels_ * g.stride[1] * g.stride[2]);
    rows_ = std::clamp<int64_t>(kPassFloats / perRow, 1, g.out[1]);
  }

  int64_t partialFloats() const { return chunks_ * matrices() * columns_ * outs_; }
  int64_t tasks() const { return chunks_ * blockGroups_; }

  void run(int64_t index, int thread, float* partials, KernelContext& context) {
    const int64_t chunk = index / blockGroups_;
    const int64_t group = index % blockGroups_;
    const int64_t planes = g_.batch * g_.out[0];
    const size_t from = blocks_.size() * group / blockGroups_, to = blocks_.size() * (group + 1) / blockGroups_;
    float* sums = partials + chunk * matrices() * columns_ * outs_;
    clear(sums, from, to);
    for (int64_t plane = planes * chunk / chunks_; plane < planes * (chunk + 1) / chunks_; plane++)
      for (int64_t row = 0; row < g_.out[1]; row += rows_) addRows(plane, row, std::min(rows_, g_.out[1] - row), thread, sums, from, to, context);
  }

  // Adds the chunks in their order and puts the result into logical order [O, C/groups, kd, kh, kw].
  void finish(float* partials, float* dw, KernelContext& context) const {
    constexpr int64_t kSegment = 4096;
    const int64_t chunkFloats = matrices() * columns_ * outs_;
    context.pool.run((chunkFloats + kSegment - 1) / kSegment, [&](int64_t segment, int) {
      const int64_t end = std::min(chunkFloats, (segment + 1) * kSegment);
      for (int64_t chunk = 1; chunk < chunks_; chunk++)
        for (int64_t i = segment * kSegment; i < end; i++) partials[i] += partials[chunk * chunkFloats + i];
    });
    constexpr int64_t kChannels = 8;
    context.pool.run((channels_ + kChannels - 1) / kChannels, [&](int64_t block, int) {
      for (int64_t c = block * kChannels; c < std::min(channels_, (block + 1) * kChannels); c++) finishChannel(c, partials, dw);
    });
  }

 private:
  void finishChannel(int64_t c, const float* sums, float* dw) const {
    const int64_t kw = g_.kernel[2], kernelSize = g_.kernel[0] * g_.kernel[1] * kw;
    for (int64_t k = 0; k < kernelSize; k++) {
      const int64_t matrix = runs_ == 1 ? k / kw : k;
      const int64_t column = runs_ == 1 ? k % kw * channels_ + c : c;
      const float* from = sums + matrix * columns_ * outs_ + (swapped_ ? column : column * outs_);
      float* to = dw + (outFirst_ * channels_ + c) * kernelSize + k;
      for (int64_t o = 0; o < outs_; o++) to[o * channels_ * kernelSize] = from[swapped_ ? o * columns_ : o];
    }
  }

  int64_t matrices() const { return g_.kernel[0] * g_.kernel[1] * runs_; }

  bool packs() const {
    for (int a = 1; a < 3; a++)
      if (g_.padLow[a] > 0 || (g_.out[a] - 1) * g_.stride[a] - g_.padLow[a] + (g_.kernel[a] - 1) * g_.dilation[a] >= g_.in[a]) return true;
    return false;
  }

  void clear(float* sums, size_t from, size_t to) const {
    const int64_t rows = matrices() * (swapped_ ? outs_ : columns_), stride = swapped_ ? columns_ : outs_;
    const int64_t first = blocks_[from].first, end = blocks_[to - 1].first + blocks_[to - 1].width;
    for (int64_t r = 0; r < rows; r++) std::memset(sums + r * stride + first, 0, (end - first) * sizeof(float));
  }

  void addRows(int64_t plane, int64_t row, int64_t rows, int thread, float* sums, size_t from, size_t to, KernelContext& context) {
    const int64_t n = plane / g_.out[0], od = plane % g_.out[0];
    const bool pack = packs();
    const RowWindow window{row * g_.stride[1] - g_.padLow[1], (rows - 1) * g_.stride[1] + (g_.kernel[1] - 1) * g_.dilation[1] + 1, -g_.padLow[2],
                           (g_.out[2] - 1) * g_.stride[2] + (g_.kernel[2] - 1) * g_.dilation[2] + 1};
    float* scratch = pack ? context.workspace.own(thread, window.rows * window.columns * channels_) : nullptr;
    const float* dyRows = dy_ + ((plane * g_.out[1] + row) * g_.out[2]) * g_.outChannels + outFirst_;
    for (int64_t kd = 0; kd < g_.kernel[0]; kd++) {
      const int64_t depth = od * g_.stride[0] + kd * g_.dilation[0] - g_.padLow[0];
      if (depth < 0 || depth >= g_.in[0]) continue;
      const float* slab = x_ + (n * g_.in[0] + depth) * g_.in[1] * g_.in[2] * g_.inChannels + inFirst_;
      const int64_t pixel = pack ? channels_ : g_.inChannels;
      const int64_t xRow = (pack ? window.columns : g_.in[2]) * pixel;
      if (pack) packRows(slab, g_.in[1], g_.in[2], g_.inChannels, channels_, window, scratch);
      const float* xRows = pack ? scratch : slab + row * g_.stride[1] * xRow;
      for (int64_t kh = 0; kh < g_.kernel[1]; kh++)
        for (int64_t run = 0; run < runs_; run++) {
          const int64_t matrix = (kd * g_.kernel[1] + kh) * runs_ + run;
          const float* xAt = xRows + kh * g_.dilation[1] * xRow + run * g_.dilation[2] * pixel;
          const OuterSum base = swapped_ ? OuterSum{dyRows, g_.outChannels, g_.out[2] * g_.outChannels, xAt, pixel * g_.stride[2], xRow * g_.stride[1],
                                                    rows, g_.out[2], sums + matrix * columns_ * outs_, columns_}
                                         : OuterSum{xAt, pixel * g_.stride[2], xRow * g_.stride[1], dyRows, g_.outChannels, g_.out[2] * g_.outChannels,
                                                    rows, g_.out[2], sums + matrix * columns_ * outs_, outs_};
          addMatrix(base, swapped_ ? outs_ : columns_, from, to);
        }
    }
  }

  void addMatrix(const OuterSum& base, int64_t scalars, size_t from, size_t to) const {
    const int64_t tiles = (scalars + kMaxScalars - 1) / kMaxScalars;
    for (int64_t t = 0; t < tiles; t++) {
      const int64_t first = scalars * t / tiles, count = scalars * (t + 1) / tiles - first;
      for (size_t b = from; b < to; b++) {
        OuterSum sum = base;
        sum.scalars += first;
        sum.vectors += blocks_[b].first;
        sum.sums += first * base.sumStride + blocks_[b].first;
        blocks_[b].kernel[count - 1](sum);
      }
    }
  }

  const ConvGeometry& g_;
  const float* x_;
  const float* dy_;
  int64_t channels_, outs_, inFirst_, outFirst_, runs_, columns_;
  bool swapped_;
  std::vector<VectorBlock> blocks_;
  int64_t chunks_, blockGroups_, rows_;
};

bool isPointwise(const ConvGeometry& g) {
  for (int a = 0; a < 3; a++)
    if (g.kernel[a] != 1 || g.stride[a] != 1 || g.in[a] != g.out[a] || g.padLow[a] != 0) return false;
  return true;
}

// A 1×1×1 convolution is a product of matrices: the same positions laid out as planes of rows that share work evenly.
ConvGeometry flattened(ConvGeometry g) {
  const int64_t positions = g.batch * g.in[0] * g.in[1] * g.in[2];
  int64_t row = 1;
  for (int64_t candidate = 128; candidate > 1; candidate--)
    if (positions % candidate == 0) {
      row = candidate;
      break;
    }
  const int64_t rows = positions / row;
  int64_t planes = 1;
  for (int64_t candidate = std::min<int64_t>(64, rows); candidate > 1; candidate--)
    if (rows % candidate == 0) {
      planes = candidate;
      break;
    }
  g.batch = 1;
  g.in[0] = g.out[0] = planes;
  g.in[1] = g.out[1] = rows / planes;
  g.in[2] = g.out[2] = row;
  return g;
}

}  // namespace

void convGradWeight(const ConvGeometry& given, const float* x, const float* dy, float* dw, KernelContext& context) {
  if (given.groups == given.inChannels && given.groups == given.outChannels && given.groups > 1) {
    depthwiseGradWeight(given, x, dy, dw, context);
    return;
  }
  const ConvGeometry g = isPointwise(given) ? flattened(given) : given;
  for (int64_t group = 0; group < g.groups; group++) {
    WeightGradient gradient(g, group, x, dy);
    float* partials = context.workspace.shared(gradient.partialFloats());
    context.pool.run(gradient.tasks(), [&](int64_t index, int thread) { gradient.run(index, thread, partials, context); });
    gradient.finish(partials, dw, context);
  }
}

}  // namespace sagitta::SAGITTA_ISA
