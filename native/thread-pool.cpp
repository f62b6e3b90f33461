#include "thread-pool.h"

#include <new>
#include <system_error>

namespace sagitta {

namespace {

// Kernels follow one another within microseconds, and waking a thread takes tens of them: look again this often before sleeping.
constexpr int kSpins = 2000;

template <typename F>
bool spinUntil(F isTrue) {
  for (int i = 0; i < kSpins; i++) {
    if (isTrue()) return true;
#if defined(__x86_64__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    asm volatile("yield");
#endif
  }
  return false;
}

}  // namespace

ThreadPool::ThreadPool(int threads) {
  try {
    for (int i = 1; i < threads; i++) workers_.emplace_back([this, i] { work(i); });
  } catch (const std::system_error&) {
    // The system grants no more threads; those that are there do all the work, with the same results.
  }
}

ThreadPool::~ThreadPool() {
  {
    std::lock_guard<std::mutex> lock(mutex_);
    stop_ = true;
  }
  wake_.notify_all();
  for (auto& worker : workers_) worker.join();
}

void ThreadPool::run(int64_t count, const std::function<void(int64_t, int)>& task) {
  if (count <= 1 || workers_.empty()) {
    for (int64_t i = 0; i < count; i++) task(i, 0);
    return;
  }
  task_ = &task;
  count_ = count;
  next_.store(0, std::memory_order_relaxed);
  active_.store(static_cast<int>(workers_.size()), std::memory_order_relaxed);
  {
    // Under the lock, so that a worker about to sleep does not miss it.
    std::lock_guard<std::mutex> lock(mutex_);
    generation_.fetch_add(1, std::memory_order_release);
  }
  wake_.notify_all();
  drain(0);
  const auto finished = [this] { return active_.load(std::memory_order_acquire) == 0; };
  if (!spinUntil(finished)) {
    std::unique_lock<std::mutex> lock(mutex_);
    done_.wait(lock, finished);
  }
  if (outOfMemory_.exchange(false)) throw std::bad_alloc();
}

void ThreadPool::drain(int thread) {
  try {
    for (int64_t i = next_.fetch_add(1); i < count_; i = next_.fetch_add(1)) (*task_)(i, thread);
  } catch (const std::bad_alloc&) {
    outOfMemory_.store(true);
  }
}

void ThreadPool::work(int thread) {
  uint64_t seen = 0;
  for (;;) {
    if (!spinUntil([&] { return hasNews(seen); })) {
      std::unique_lock<std::mutex> lock(mutex_);
      wake_.wait(lock, [&] { return hasNews(seen); });
    }
    if (stop_.load(std::memory_order_acquire)) return;
    seen = generation_.load(std::memory_order_acquire);
    drain(thread);
    if (active_.fetch_sub(1, std::memory_order_acq_rel) > 1) continue;
    // Under the lock, so that the caller is either before its check or already waiting.
    std::lock_guard<std::mutex> lock(mutex_);
    done_.notify_one();
  }
}

}  // namespace sagitta
