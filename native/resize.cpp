// Nearest and linear resizing of channels-last volumes, and its gradient. Each axis is a table of sources and weights.
#include <algorithm>
#include <cmath>
#include <vector>

#include "kernels.h"
#include "spatial.h"

namespace sagitta::SAGITTA_ISA {

namespace {

// One output along an axis reads `low` with weight 1 − share and `high` with weight share.
struct Blend {
  int64_t low, high;
  float share;
};

struct Weighted {
  int64_t index;
  float weight;
};

std::vector<Blend> blendsOf(int64_t in, int64_t out, bool linear, bool alignCorners) {
  std::vector<Blend> blends(out);
  for (int64_t i = 0; i < out; i++) {
    if (!linear) {
      // As PyTorch: ⌊i · (in/out)⌋ with the ratio in float.
      const int64_t source = std::min(in - 1, static_cast<int64_t>(std::floor(i * (static_cast<float>(in) / out))));
      blends[i] = {source, source, 0};
      continue;
    }
    const float scale = alignCorners ? (out > 1 ? static_cast<float>(in - 1) / (out - 1) : 0) : static_cast<float>(in) / out;
    const float place = alignCorners ? i * scale : std::max(0.0f, (i + 0.5f) * scale - 0.5f);
    const int64_t low = std::min(in - 1, static_cast<int64_t>(place));
    blends[i] = {low, std::min(in - 1, low + 1), place - low};
  }
  return blends;
}

// Which outputs read each input, and with what weight.
std::vector<std::vector<Weighted>> readersOf(const std::vector<Blend>& blends, int64_t in) {
  std::vector<std::vector<Weighted>> readers(in);
  for (size_t i = 0; i < blends.size(); i++) {
    const Blend& blend = blends[i];
    const int64_t index = static_cast<int64_t>(i);
    if (blend.low == blend.high) readers[blend.low].push_back({index, 1});
    else {
      readers[blend.low].push_back({index, 1 - blend.share});
      if (blend.share != 0) readers[blend.high].push_back({index, blend.share});
    }
  }
  return readers;
}

// ints: batch, in[3], out[3], channels, linear, alignCorners; `in` is the smaller-order side: that of x, `out` that of y
struct Resize {
  int64_t batch;
  Spatial in, out;
  bool linear;
  std::vector<Blend> blends[3];

  explicit Resize(const Arguments& a) {
    const int64_t* n = a.call.ints.data();
    batch = n[0];
    in.channels = out.channels = n[7];
    linear = n[8] != 0;
    for (int i = 0; i < 3; i++) {
      in.size[i] = n[1 + i];
      out.size[i] = n[4 + i];
      blends[i] = blendsOf(in.size[i], out.size[i], linear, n[9] != 0);
    }
  }
};

void addScaled(const float* from, float weight, int64_t channels, float* to) {
  for (int64_t c = 0; c < channels; c++) to[c] += weight * from[c];
}

template <typename F>
void eachRow(const Spatial& space, int64_t batch, KernelContext& context, F visit) {
  context.pool.run(batch * space.size[0] * space.size[1], [&](int64_t row, int) {
    visit(row / space.size[1] / space.size[0], row / space.size[1] % space.size[0], row % space.size[1]);
  });
}

}  // namespace

void resize(const Arguments& a, KernelContext& context) {
  const Resize r(a);
  const int64_t channels = r.in.channels;
  eachRow(r.out, r.batch, context, [&](int64_t n, int64_t z, int64_t y) {
    const Blend &bz = r.blends[0][z], &by = r.blends[1][y];
    for (int64_t x = 0; x < r.out.size[2]; x++) {
      const Blend& bx = r.blends[2][x];
      float* out = a.out() + r.out.at(n, z, y, x);
      if (!r.linear) {
        const float* in = a.in(0) + r.in.at(n, bz.low, by.low, bx.low);
        std::copy(in, in + channels, out);
        continue;
      }
      std::fill(out, out + channels, 0.0f);
      for (int corner = 0; corner < 8; corner++) {
        const float weight = (corner & 4 ? bz.share : 1 - bz.share) * (corner & 2 ? by.share : 1 - by.share) * (corner & 1 ? bx.share : 1 - bx.share);
        if (weight == 0) continue;
        addScaled(a.in(0) + r.in.at(n, corner & 4 ? bz.high : bz.low, corner & 2 ? by.high : by.low, corner & 1 ? bx.high : bx.low), weight, channels, out);
      }
    }
  });
}

// (dy) → dx: every input gathers from the outputs that read it, so that no two tasks write to one place.
void resizeGrad(const Arguments& a, KernelContext& context) {
  const Resize r(a);
  const int64_t channels = r.in.channels;
  std::vector<std::vector<Weighted>> readers[3];
  for (int i = 0; i < 3; i++) readers[i] = readersOf(r.blends[i], r.in.size[i]);
  eachRow(r.in, r.batch, context, [&](int64_t n, int64_t z, int64_t y) {
    for (int64_t x = 0; x < r.in.size[2]; x++) {
      float* dx = a.out() + r.in.at(n, z, y, x);
      const auto gather = [&](auto add) {
        for (const auto& rz : readers[0][z])
          for (const auto& ry : readers[1][y])
            for (const auto& rx : readers[2][x]) add(a.in(0) + r.out.at(n, rz.index, ry.index, rx.index), rz.weight * ry.weight * rx.weight);
      };
      int64_t c = 0;
      for (; c + kVectorFloats <= channels; c += kVectorFloats) {
        Vector sum = {};
        gather([&](const float* dy, float weight) { sum += load(dy + c) * weight; });
        store(dx + c, sum);
      }
      for (; c < channels; c++) {
        float sum = 0;
        gather([&](const float* dy, float weight) { sum += dy[c] * weight; });
        dx[c] = sum;
      }
    }
  });
}

}  // namespace sagitta::SAGITTA_ISA
