// Shapes that pools and resizes share: channels-last volumes [N, D, H, W, C].
#pragma once

#include <cstdint>

namespace sagitta::SAGITTA_ISA {

struct Spatial {
  int64_t size[3];
  int64_t channels;
  int64_t positions() const { return size[0] * size[1] * size[2]; }
  // Offset of the pixel (n, z, y, x).
  int64_t at(int64_t n, int64_t z, int64_t y, int64_t x) const { return (((n * size[0] + z) * size[1] + y) * size[2] + x) * channels; }
};

}  // namespace sagitta::SAGITTA_ISA
