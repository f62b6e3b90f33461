// A fixed set of threads that run numbered tasks. Kernels split work into tasks whose number and bounds do not depend on the
// thread count, so that sums come out the same on any machine with the same instruction set.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace sagitta {

class ThreadPool {
 public:
  explicit ThreadPool(int threads);
  ~ThreadPool();
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;

  int size() const { return static_cast<int>(workers_.size()) + 1; }

  // Calls task(index, thread) for each index in 0 … count − 1; thread is in 0 … size() − 1 and picks per-thread scratch.
  // Returns when all are done. The caller works too. Not re-entrant. A task that throws std::bad_alloc, on whichever thread, makes
  // this throw it.
  void run(int64_t count, const std::function<void(int64_t index, int thread)>& task);

 private:
  void work(int thread);
  bool hasNews(uint64_t seen) const { return stop_.load(std::memory_order_acquire) || generation_.load(std::memory_order_acquire) != seen; }
  void drain(int thread);

  std::vector<std::thread> workers_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::condition_variable done_;
  const std::function<void(int64_t, int)>* task_ = nullptr;
  std::atomic<int64_t> next_{0};
  int64_t count_ = 0;
  std::atomic<int> active_{0};
  std::atomic<uint64_t> generation_{0};
  std::atomic<bool> stop_{false};
  std::atomic<bool> outOfMemory_{false};
};

}  // namespace sagitta
