// What a session of the executor holds: variables, programs, one arena, threads. Knows nothing of JavaScript. While a run is under way
// on another thread, whatever may move memory waits for it.
#pragma once

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
};

class Session {
 public:
  Session(int threads, const InstructionSet& set) : pool_(threads), workspace_(threads), set_(set) {}

  int createVariable(size_t bytes);
  void* variable(int id) { return variables_[id].data(); }
  size_t variableBytes(int id) const { return variables_[id].bytes(); }
  size_t variableCount() const { return variables_.size(); }

  // `code` is a list of calls as encode.ts writes them. Returns the program's number; −1 for code that does not parse.
  int createProgram(const double* code, size_t length, const void* constants, size_t constantBytes, size_t arenaBytes);

  // Runs every call; `inputs` and `outputs` are the caller's memory. With `times`, adds each call's seconds to it.
  void run(int program, const std::vector<void*>& inputs, const std::vector<void*>& outputs, std::vector<double>* times);

  size_t callCount(int program) const { return programs_[program]->calls.size(); }
  size_t programCount() const { return programs_.size(); }
  size_t bytes() const;

 private:
  char* find(const Ref& ref, const ProgramCode& code, const std::vector<void*>& inputs, const std::vector<void*>& outputs);

  mutable std::mutex mutex_;
  ThreadPool pool_;
  Workspace workspace_;
  const InstructionSet& set_;
  std::vector<AlignedBuffer> variables_;
  std::vector<std::unique_ptr<ProgramCode>> programs_;
  AlignedBuffer arena_;
};

}  // namespace sagitta
