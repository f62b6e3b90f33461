// Max and average pools with their gradients, on channels-last volumes.
#include <algorithm>
#include <limits>

#include "kernels.h"
#include "spatial.h"
#include "vector-math.h"

namespace sagitta::SAGITTA_ISA {

namespace {

// ints: batch, in[3], out[3], kernel[3], stride[3], padLow[3], channels
struct Pool {
  int64_t batch;
  Spatial in, out;
  const int64_t *kernel, *stride, *pad;

  explicit Pool(const Arguments& a) {
    const int64_t* n = a.call.ints.data();
    batch = n[0];
    for (int i = 0; i < 3; i++) {
      in.size[i] = n[1 + i];
      out.size[i] = n[4 + i];
    }
    kernel = n + 7;
    stride = n + 10;
    pad = n + 13;
    in.channels = out.channels = n[16];
  }

  int64_t window() const { return kernel[0] * kernel[1] * kernel[2]; }
  bool overlaps() const { return stride[0] < kernel[0] || stride[1] < kernel[1] || stride[2] < kernel[2]; }

  // Calls visit(offset of the input pixel) for the window of output (z, y, x), in C order, inside the input only.
  template <typename F>
  void eachInput(int64_t n, int64_t z, int64_t y, int64_t x, F visit) const {
    for (int64_t kz = 0; kz < kernel[0]; kz++)
      for (int64_t ky = 0; ky < kernel[1]; ky++)
        for (int64_t kx = 0; kx < kernel[2]; kx++) {
          const int64_t iz = z * stride[0] + kz - pad[0], iy = y * stride[1] + ky - pad[1], ix = x * stride[2] + kx - pad[2];
          if (iz < 0 || iz >= in.size[0] || iy < 0 || iy >= in.size[1] || ix < 0 || ix >= in.size[2]) continue;
          visit(in.at(n, iz, iy, ix));
        }
  }

  // Calls visit(n, z, y, x, thread) for every output; a task is a row.
  template <typename F>
  void eachOutput(KernelContext& context, F visit) const {
    context.pool.run(batch * out.size[0] * out.size[1], [&](int64_t row, int thread) {
      const int64_t y = row % out.size[1], z = row / out.size[1] % out.size[0], n = row / out.size[1] / out.size[0];
      for (int64_t x = 0; x < out.size[2]; x++) visit(n, z, y, x, thread);
    });
  }

  // Gradients write to inputs: windows that overlap must not be worked on at once, so a task is then a whole sample.
  template <typename F>
  void eachGradient(float* dx, KernelContext& context, F visit) const {
    const int64_t sample = in.positions() * in.channels;
    constexpr int64_t kPiece = 1 << 15;
    context.pool.run((batch * sample + kPiece - 1) / kPiece, [&](int64_t piece, int) {
      std::fill(dx + piece * kPiece, dx + std::min(batch * sample, (piece + 1) * kPiece), 0.0f);
    });
    if (!overlaps()) return eachOutput(context, visit);
    context.pool.run(batch, [&](int64_t n, int thread) {
      for (int64_t z = 0; z < out.size[0]; z++)
        for (int64_t y = 0; y < out.size[1]; y++)
          for (int64_t x = 0; x < out.size[2]; x++) visit(n, z, y, x, thread);
    });
  }
};

// One channel or a vector of neighbouring ones, under the same names.
inline Vector get(const float* p, Vector) { return load(p); }
inline float get(const float* p, float) { return *p; }
inline void put(float* p, Vector v) { store(p, v); }
inline void put(float* p, float v) { *p = v; }

// Calls visit(channel, kind) with vectors of channels first, then one by one; kind is a zero of the type to work in.
template <typename F>
void eachChannel(int64_t channels, F visit) {
  int64_t c = 0;
  for (; c + kVectorFloats <= channels; c += kVectorFloats) visit(c, Vector{});
  for (; c < channels; c++) visit(c, 0.0f);
}

// The maximum as PyTorch takes it: NaN wins over numbers.
template <typename T>
T larger(T a, T b) {
  return select((b > a) | ((b != b) & (a == a)), b, a);
}

}  // namespace

void maxPool(const Arguments& a, KernelContext& context) {
  const Pool pool(a);
  pool.eachOutput(context, [&](int64_t n, int64_t z, int64_t y, int64_t x, int) {
    float* out = a.out() + pool.out.at(n, z, y, x);
    eachChannel(pool.in.channels, [&](int64_t c, auto zero) {
      auto best = zero - std::numeric_limits<float>::infinity();
      pool.eachInput(n, z, y, x, [&](int64_t at) { best = larger(best, get(a.in(0) + at + c, zero)); });
      put(out + c, best);
    });
  });
}

// (dy, x) → dx
void maxPoolGrad(const Arguments& a, KernelContext& context) {
  const Pool pool(a);
  pool.eachGradient(a.out(), context, [&](int64_t n, int64_t z, int64_t y, int64_t x, int) {
    const float* dy = a.in(0) + pool.out.at(n, z, y, x);
    eachChannel(pool.in.channels, [&](int64_t c, auto zero) {
      auto best = zero - std::numeric_limits<float>::infinity();
      pool.eachInput(n, z, y, x, [&](int64_t at) { best = larger(best, get(a.in(1) + at + c, zero)); });
      // The first of equal maxima takes all: once served, a channel's gradient is spent.
      auto left = get(dy + c, zero);
      pool.eachInput(n, z, y, x, [&](int64_t at) {
        const auto value = get(a.in(1) + at + c, zero);
        const auto hit = (value == best) | ((value != value) & (best != best));
        float* dx = a.out() + at + c;
        put(dx, get(dx, zero) + select(hit, left, zero));
        left = select(hit, zero, left);
      });
    });
  });
}

void avgPool(const Arguments& a, KernelContext& context) {
  const Pool pool(a);
  const float scale = 1.0f / static_cast<float>(pool.window());
  pool.eachOutput(context, [&](int64_t n, int64_t z, int64_t y, int64_t x, int) {
    float* out = a.out() + pool.out.at(n, z, y, x);
    eachChannel(pool.in.channels, [&](int64_t c, auto zero) {
      auto sum = zero;
      pool.eachInput(n, z, y, x, [&](int64_t at) { sum = sum + get(a.in(0) + at + c, zero); });
      put(out + c, sum * scale);
    });
  });
}

// (dy) → dx
void avgPoolGrad(const Arguments& a, KernelContext& context) {
  const Pool pool(a);
  const float scale = 1.0f / static_cast<float>(pool.window());
  pool.eachGradient(a.out(), context, [&](int64_t n, int64_t z, int64_t y, int64_t x, int) {
    const float* dy = a.in(0) + pool.out.at(n, z, y, x);
    eachChannel(pool.in.channels, [&](int64_t c, auto zero) {
      const auto share = get(dy + c, zero) * scale;
      pool.eachInput(n, z, y, x, [&](int64_t at) {
        float* dx = a.out() + at + c;
        put(dx, get(dx, zero) + share);
      });
    });
  });
}

}  // namespace sagitta::SAGITTA_ISA
