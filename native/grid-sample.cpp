// Sampling a channels-last volume at given places, as PyTorch's grid_sample, and its gradients.
#include <algorithm>
#include <cmath>

#include "kernels.h"
#include "spatial.h"

namespace sagitta::SAGITTA_ISA {

namespace {

// ints: batch, axes, in[3], out[3], channels, linear, border, alignCorners. Grids are [N, …out, axes], last axis (x, y[, z]).
struct Sampler {
  int64_t batch;
  int axes;
  Spatial in, out;
  bool linear, border, alignCorners;

  explicit Sampler(const Arguments& a) {
    const int64_t* n = a.call.ints.data();
    batch = n[0];
    axes = static_cast<int>(n[1]);
    for (int i = 0; i < 3; i++) {
      in.size[i] = n[2 + i];
      out.size[i] = n[5 + i];
    }
    in.channels = out.channels = n[8];
    linear = n[9] != 0;
    border = n[10] != 0;
    alignCorners = n[11] != 0;
  }
};

// A place in the input along one axis: two neighbours with their weights, whether each lies inside, and d place / d grid.
struct Place {
  int64_t index[2];
  float weight[2];
  bool inside[2];
  float slope;
};

Place placeOf(float grid, int64_t size, const Sampler& s) {
  Place place{{0, 0}, {1, 0}, {true, false}, 0};
  float at = s.alignCorners ? (grid + 1) / 2 * (size - 1) : ((grid + 1) * size - 1) / 2;
  place.slope = s.alignCorners ? (size - 1) / 2.0f : size / 2.0f;
  if (s.border) {
    if (at <= 0 || at >= size - 1) place.slope = 0;
    at = std::clamp(at, 0.0f, static_cast<float>(size - 1));
  }
  // Far outside everything is zero; the bound also keeps the conversion to whole numbers defined.
  at = std::clamp(at, -2.0f, static_cast<float>(size + 1));
  if (!s.linear) {
    place.index[0] = static_cast<int64_t>(std::nearbyint(at));
    place.inside[0] = place.index[0] >= 0 && place.index[0] < size;
    place.slope = 0;
    return place;
  }
  const float low = std::floor(at);
  place.index[0] = static_cast<int64_t>(low);
  place.index[1] = place.index[0] + 1;
  place.weight[1] = at - low;
  place.weight[0] = 1 - place.weight[1];
  for (int i = 0; i < 2; i++) place.inside[i] = place.index[i] >= 0 && place.index[i] < size;
  return place;
}

struct Places {
  Place axis[3];  // z, y, x
};

Places placesOf(const Sampler& s, const float* grid, int64_t position) {
  Places places;
  for (int i = 0; i < 3; i++) places.axis[i] = Place{{0, 0}, {1, 0}, {true, false}, 0};
  for (int i = 0; i < s.axes; i++) places.axis[2 - i] = placeOf(grid[position * s.axes + i], s.in.size[2 - i], s);
  return places;
}

// Calls visit(offset of the pixel, corner) for the neighbours inside the input.
template <typename F>
void eachCorner(const Sampler& s, const Places& p, int64_t n, F visit) {
  for (int corner = 0; corner < 8; corner++) {
    const int z = corner >> 2, y = corner >> 1 & 1, x = corner & 1;
    if (!p.axis[0].inside[z] || !p.axis[1].inside[y] || !p.axis[2].inside[x]) continue;
    visit(s.in.at(n, p.axis[0].index[z], p.axis[1].index[y], p.axis[2].index[x]), corner);
  }
}

float weightOf(const Places& p, int corner) { return p.axis[0].weight[corner >> 2] * p.axis[1].weight[corner >> 1 & 1] * p.axis[2].weight[corner & 1]; }

constexpr int64_t kTaskPositions = 1024;

template <typename F>
void eachPosition(const Sampler& s, KernelContext& context, F visit) {
  const int64_t positions = s.out.positions(), total = s.batch * positions;
  context.pool.run((total + kTaskPositions - 1) / kTaskPositions, [&](int64_t task, int) {
    for (int64_t p = task * kTaskPositions; p < std::min(total, (task + 1) * kTaskPositions); p++) visit(p, p / positions);
  });
}

}  // namespace

// (x, grid) → y
void gridSample(const Arguments& a, KernelContext& context) {
  const Sampler s(a);
  const int64_t channels = s.in.channels;
  eachPosition(s, context, [&](int64_t position, int64_t n) {
    float* out = a.out() + position * channels;
    std::fill(out, out + channels, 0.0f);
    const Places places = placesOf(s, a.in(1), position);
    eachCorner(s, places, n, [&](int64_t at, int corner) {
      const float weight = weightOf(places, corner);
      for (int64_t c = 0; c < channels; c++) out[c] += weight * a.in(0)[at + c];
    });
  });
}

// (dy, grid) → dx. Places may coincide, so a task is a whole sample.
void gridSampleGradInput(const Arguments& a, KernelContext& context) {
  const Sampler s(a);
  const int64_t channels = s.in.channels, sample = s.in.positions() * channels;
  context.pool.run(s.batch, [&](int64_t n, int) {
    std::fill(a.out() + n * sample, a.out() + (n + 1) * sample, 0.0f);
    for (int64_t p = n * s.out.positions(); p < (n + 1) * s.out.positions(); p++) {
      const Places places = placesOf(s, a.in(1), p);
      const float* dy = a.in(0) + p * channels;
      eachCorner(s, places, n, [&](int64_t at, int corner) {
        const float weight = weightOf(places, corner);
        for (int64_t c = 0; c < channels; c++) a.out()[at + c] += weight * dy[c];
      });
    }
  });
}

// (dy, x, grid) → gradient of the grid
void gridSampleGradGrid(const Arguments& a, KernelContext& context) {
  const Sampler s(a);
  const int64_t channels = s.in.channels;
  eachPosition(s, context, [&](int64_t position, int64_t n) {
    const Places places = placesOf(s, a.in(2), position);
    const float* dy = a.in(0) + position * channels;
    float gradient[3] = {};
    eachCorner(s, places, n, [&](int64_t at, int corner) {
      float product = 0;
      for (int64_t c = 0; c < channels; c++) product += dy[c] * a.in(1)[at + c];
      const int side[3] = {corner >> 2, corner >> 1 & 1, corner & 1};
      for (int i = 0; i < 3; i++) {
        float weight = places.axis[i].slope * (side[i] ? 1.0f : -1.0f);
        for (int other = 0; other < 3; other++)
          if (other != i) weight *= places.axis[other].weight[side[other]];
        gradient[i] += product * weight;
      }
    });
    for (int i = 0; i < s.axes; i++) a.out()[position * s.axes + i] = gradient[2 - i];
  });
}

}  // namespace sagitta::SAGITTA_ISA
