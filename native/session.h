// What a session of the executor holds: variables, programs, one arena, threads. Knows nothing of JavaScript.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "call.h"

namespace sagitta {

struct ProgramCode {
  std::vector<Call> calls;
  AlignedBuffer constants;
  size_t arenaBytes = 0;
  // How many of the caller's tensors the calls refer to.
  size_t inputs = 0, outputs = 0;
};

// All functions but run belong to one thread. run may go on beside them: what it needs is fixed when a program is created, and
// variables never move.
class Session {
 public:
  Session(int threads, const InstructionSet& set) : pool_(threads), workspace_(threads), set_(set) {}

  int createVariable(size_t bytes);
  void* variable(int id) { return variables_[id].data(); }
  size_t variableBytes(int id) const { return variables_[id].bytes(); }
  size_t variableCount() const { return variables_.size(); }

  // `code` is a list of calls as encode.ts writes them. Returns the program's number; −1 for code that does not parse or refers to
  // memory that is not there.
  int createProgram(const double* code, size_t length, const void* constants, size_t constantBytes, size_t arenaBytes);

  // Runs every call; `inputs` and `outputs` are the caller's memory. With `times`, adds each call's seconds to it. A second run
  // waits for the first. Throws std::bad_alloc, and std::out_of_range when the program asks for more inputs or outputs.
  void run(int program, const std::vector<void*>& inputs, const std::vector<void*>& outputs, std::vector<double>* times);

  size_t callCount(int program) const { return programs_[program]->calls.size(); }
  size_t programCount() const { return programs_.size(); }
  // Of variables and constants, and of arena and scratch as the last run left them.
  size_t bytes() const { return fixedBytes_ + scratchBytes_.load(std::memory_order_relaxed); }

 private:
  char* resolve(const Ref& ref, const ProgramCode& program) const;
  const ProgramCode& programAt(int number);

  ThreadPool pool_;
  Workspace workspace_;
  const InstructionSet& set_;
  std::vector<AlignedBuffer> variables_;
  std::vector<std::unique_ptr<ProgramCode>> programs_;
  // Guards the list of programs, not the programs.
  std::mutex programsMutex_;
  // Held by the run that uses arena, workspace and threads.
  std::mutex runMutex_;
  AlignedBuffer arena_;
  size_t fixedBytes_ = 0;
  std::atomic<size_t> scratchBytes_{0};
};

}  // namespace sagitta
