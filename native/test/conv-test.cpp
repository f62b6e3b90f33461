// Checks the convolution kernels against plain loops in double precision, over many geometries. Built by build/native.mjs --test.
#include <cmath>
#include <cstdio>
#include <random>
#include <vector>

#include "../conv.h"

using namespace sagitta;
using namespace sagitta::SAGITTA_ISA;

namespace {

std::mt19937 generator(1);

std::vector<float> randomFloats(size_t count) {
  std::uniform_real_distribution<float> uniform(-1, 1);
  std::vector<float> values(count);
  for (auto& value : values) value = uniform(generator);
  return values;
}

// Calls visit(x index, weight index, y index) for every product of the convolution.
template <typename F>
void forEachProduct(const ConvGeometry& g, F visit) {
  const int64_t in = g.inChannels / g.groups, outs = g.outChannels / g.groups;
  for (int64_t n = 0; n < g.batch; n++)
    for (int64_t od = 0; od < g.out[0]; od++)
      for (int64_t oh = 0; oh < g.out[1]; oh++)
        for (int64_t ow = 0; ow < g.out[2]; ow++)
          for (int64_t kd = 0; kd < g.kernel[0]; kd++)
            for (int64_t kh = 0; kh < g.kernel[1]; kh++)
              for (int64_t kw = 0; kw < g.kernel[2]; kw++) {
                const int64_t d = od * g.stride[0] + kd * g.dilation[0] - g.padLow[0];
                const int64_t h = oh * g.stride[1] + kh * g.dilation[1] - g.padLow[1];
                const int64_t w = ow * g.stride[2] + kw * g.dilation[2] - g.padLow[2];
                if (d < 0 || d >= g.in[0] || h < 0 || h >= g.in[1] || w < 0 || w >= g.in[2]) continue;
                for (int64_t o = 0; o < g.outChannels; o++)
                  for (int64_t c = 0; c < in; c++) {
                    const int64_t xi = (((n * g.in[0] + d) * g.in[1] + h) * g.in[2] + w) * g.inChannels + o / outs * in + c;
                    const int64_t wi = (((o * in + c) * g.kernel[0] + kd) * g.kernel[1] + kh) * g.kernel[2] + kw;
                    const int64_t yi = (((n * g.out[0] + od) * g.out[1] + oh) * g.out[2] + ow) * g.outChannels + o;
                    visit(xi, wi, yi);
                  }
              }
}

double relativeError(const std::vector<float>& found, const std::vector<double>& expected) {
  double error = 0, scale = 1e-3;
  for (size_t i = 0; i < found.size(); i++) {
    error = std::max(error, std::isfinite(found[i]) ? std::abs(found[i] - expected[i]) : 1e30);
    scale = std::max(scale, std::abs(expected[i]));
  }
  return error / scale;
}

int failures = 0;

void expectClose(const char* what, const ConvGeometry& g, double error) {
  if (error < 1e-5) return;
  failures++;
  std::printf("%s: error %.2e for in %ldx%ldx%ld c %ld o %ld k %ldx%ldx%ld s %ld%ld%ld p %ld%ld%ld d %ld%ld%ld g %ld\n", what, error, g.in[0], g.in[1],
              g.in[2], g.inChannels, g.outChannels, g.kernel[0], g.kernel[1], g.kernel[2], g.stride[0], g.stride[1], g.stride[2], g.padLow[0], g.padLow[1],
              g.padLow[2], g.dilation[0], g.dilation[1], g.dilation[2], g.groups);
}

void check(const ConvGeometry& g, KernelContext& context) {
  const int64_t xCount = g.batch * g.in[0] * g.in[1] * g.in[2] * g.inChannels;
  const int64_t yCount = g.batch * g.out[0] * g.out[1] * g.out[2] * g.outChannels;
  const int64_t wCount = g.outChannels * (g.inChannels / g.groups) * g.kernel[0] * g.kernel[1] * g.kernel[2];
  const auto x = randomFloats(xCount), w = randomFloats(wCount), b = randomFloats(g.outChannels), dy = randomFloats(yCount), bx = randomFloats(g.inChannels);
  std::vector<double> y(yCount), dx(xCount), dw(wCount);
  for (int64_t i = 0; i < yCount; i++) y[i] = b[i % g.outChannels];
  for (int64_t i = 0; i < xCount; i++) dx[i] = bx[i % g.inChannels];
  forEachProduct(g, [&](int64_t xi, int64_t wi, int64_t yi) {
    y[yi] += double(x[xi]) * w[wi];
    dx[xi] += double(dy[yi]) * w[wi];
    dw[wi] += double(dy[yi]) * x[xi];
  });
  for (auto& value : y) value = value > 0 ? value : 0.1f * value;
  std::vector<float> foundY(yCount, NAN), foundDx(xCount, NAN), foundDw(wCount, NAN);
  conv(g, x.data(), w.data(), b.data(), 0.1f, foundY.data(), context);
  convGradInput(g, dy.data(), w.data(), bx.data(), foundDx.data(), context);
  convGradWeight(g, x.data(), dy.data(), foundDw.data(), context);
  expectClose("forward", g, relativeError(foundY, y));
  expectClose("input gradient", g, relativeError(foundDx, dx));
  expectClose("weight gradient", g, relativeError(foundDw, dw));
}

void checkMatmul(const MatmulShape& s, KernelContext& context) {
  const auto a = randomFloats(s.batch * s.m * s.k), b = randomFloats(s.batch * s.k * s.n);
  std::vector<double> c(s.batch * s.m * s.n);
  for (int64_t i = 0; i < s.batch; i++)
    for (int64_t m = 0; m < s.m; m++)
      for (int64_t n = 0; n < s.n; n++)
        for (int64_t k = 0; k < s.k; k++)
          c[(i * s.m + m) * s.n + n] += double(a[i * s.m * s.k + (s.transposeA ? k * s.m + m : m * s.k + k)]) * b[i * s.k * s.n + (s.transposeB ? n * s.k + k : k * s.n + n)];
  std::vector<float> found(c.size(), NAN);
  matmul(s, a.data(), b.data(), found.data(), context);
  if (relativeError(found, c) < 1e-5) return;
  failures++;
  std::printf("matmul: error for batch %ld m %ld n %ld k %ld\n", s.batch, s.m, s.n, s.k);
}

}  // namespace

int main() {
  ThreadPool pool(2);
  Workspace workspace(2);
  KernelContext context{pool, workspace};
  auto pick = [](std::initializer_list<int64_t> values) { return values.begin()[generator() % values.size()]; };
  int checked = 0;
  while (checked < 400) {
    ConvGeometry g{};
    g.batch = pick({1, 2});
    const int axes = static_cast<int>(pick({1, 2, 3}));
    for (int a = 0; a < 3; a++) {
      const bool real = a >= 3 - axes;
      g.kernel[a] = real ? pick({1, 2, 3, 3, 3, 5}) : 1;
      g.stride[a] = real ? pick({1, 1, 2, 3}) : 1;
      g.dilation[a] = real ? pick({1, 1, 1, 2}) : 1;
      g.padLow[a] = real ? pick({0, 1, 1, 2}) : 0;
      g.in[a] = real ? pick({1, 2, 5, 8, 13}) : 1;
      const int64_t padHigh = real ? pick({0, 1, 1, 2}) : 0;
      const int64_t reach = g.in[a] + g.padLow[a] + padHigh - g.dilation[a] * (g.kernel[a] - 1) - 1;
      g.out[a] = reach < 0 ? 0 : reach / g.stride[a] + 1;
    }
    g.groups = pick({1, 1, 1, 2, 3});
    g.inChannels = g.groups * pick({1, 2, 3, 8, 12, 16, 24});
    g.outChannels = g.groups * pick({1, 2, 3, 4, 8, 16, 24, 33, 40});
    if (generator() % 6 == 0) g.groups = g.inChannels = g.outChannels = pick({2, 7, 16, 24, 40});
    if (g.out[0] * g.out[1] * g.out[2] == 0) continue;
    check(g, context);
    checked++;
  }
  for (int i = 0; i < 60; i++)
    checkMatmul({pick({1, 3}), pick({1, 2, 17, 100, 200}), pick({1, 5, 16, 33, 70}), pick({1, 4, 31, 64}), generator() % 2 == 0, generator() % 2 == 0}, context);
  std::printf("%d geometries, %d failures\n", checked, failures);
  return failures == 0 ? 0 : 1;
}
