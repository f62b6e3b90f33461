// Scratch memory that kernels share: it grows to the largest need and stays. Not for use by two kernels at once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <new>
#include <vector>

namespace sagitta {

// Memory aligned to a cache line, which is also the widest vector.
class AlignedBuffer {
 public:
  AlignedBuffer() = default;
  ~AlignedBuffer() { std::free(data_); }
  AlignedBuffer(AlignedBuffer&& other) noexcept : data_(other.data_), bytes_(other.bytes_) {
    other.data_ = nullptr;
    other.bytes_ = 0;
  }
  AlignedBuffer(const AlignedBuffer&) = delete;
  AlignedBuffer& operator=(const AlignedBuffer&) = delete;

  // At least `bytes` of memory; what it held is lost when it grows.
  void* reserve(size_t bytes) {
    if (bytes > bytes_) {
      std::free(data_);
      bytes_ = (bytes + 63) / 64 * 64;
      data_ = std::aligned_alloc(64, bytes_);
      if (data_ == nullptr) {
        bytes_ = 0;
        throw std::bad_alloc();
      }
    }
    return data_;
  }
  void* data() const { return data_; }
  size_t bytes() const { return bytes_; }

 private:
  void* data_ = nullptr;
  size_t bytes_ = 0;
};

class Workspace {
 public:
  explicit Workspace(int threads) : perThread_(threads) {}

  // One buffer that all threads see, e.g. packed weights or partial sums.
  float* shared(size_t floats) { return static_cast<float*>(shared_.reserve(floats * sizeof(float))); }
  // A second one, for kernels that call others.
  float* outer(size_t floats) { return static_cast<float*>(outer_.reserve(floats * sizeof(float))); }
  // A thread's own.
  float* own(int thread, size_t floats) { return static_cast<float*>(perThread_[thread].reserve(floats * sizeof(float))); }

  size_t bytes() const {
    size_t total = shared_.bytes() + outer_.bytes();
    for (const auto& buffer : perThread_) total += buffer.bytes();
    return total;
  }

 private:
  AlignedBuffer shared_;
  AlignedBuffer outer_;
  std::vector<AlignedBuffer> perThread_;
};

}  // namespace sagitta
