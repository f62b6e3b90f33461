#include "session.h"

#include <algorithm>
#include <chrono>
#include <cstring>
#include <stdexcept>

namespace sagitta {

namespace {

// Reads numbers one after another; after reading past the end everything is zero and `ok` is false.
struct Reader {
  const double* at;
  const double* end;
  bool ok = true;

  double number() {
    if (at == end) {
      ok = false;
      return 0;
    }
    return *at++;
  }
  int64_t integer() { return static_cast<int64_t>(number()); }
  // A length that the rest of the code can hold.
  size_t length() {
    const double value = number();
    if (!(value >= 0 && value <= static_cast<double>(end - at))) {
      ok = false;
      return 0;
    }
    return static_cast<size_t>(value);
  }
};

}  // namespace

int Session::createVariable(size_t bytes) {
  variables_.emplace_back();
  std::memset(variables_.back().reserve(bytes < 64 ? 64 : bytes), 0, bytes);
  fixedBytes_ += variables_.back().bytes();
  return static_cast<int>(variables_.size()) - 1;
}

int Session::createProgram(const double* code, size_t length, const void* constants, size_t constantBytes, size_t arenaBytes) {
  auto program = std::make_unique<ProgramCode>();
  program->arenaBytes = arenaBytes;
  if (constantBytes > 0) std::memcpy(program->constants.reserve(constantBytes), constants, constantBytes);
  Reader reader{code, code + length};
  while (reader.ok && reader.at != reader.end) {
    Call call;
    const int64_t kernel = reader.integer();
    if (kernel < 0 || kernel >= static_cast<int64_t>(Kernel::count)) return -1;
    call.kernel = static_cast<Kernel>(kernel);
    for (size_t i = reader.length(); i > 0; i--) {
      const int64_t space = reader.integer();
      const int64_t place = reader.integer();
      if (space < 0 || space > static_cast<int>(Space::constant) || place < 0) return -1;
      Ref ref{static_cast<Space>(space), place, nullptr};
      const bool isFixed = ref.space == Space::variable || ref.space == Space::constant;
      if (isFixed && (ref.fixed = resolve(ref, *program)) == nullptr) return -1;
      if (ref.space == Space::arena && static_cast<size_t>(place) >= arenaBytes) return -1;
      if (ref.space == Space::input) program->inputs = std::max(program->inputs, static_cast<size_t>(place) + 1);
      if (ref.space == Space::output) program->outputs = std::max(program->outputs, static_cast<size_t>(place) + 1);
      call.refs.push_back(ref);
    }
    for (size_t i = reader.length(); i > 0; i--) call.ints.push_back(reader.integer());
    for (size_t i = reader.length(); i > 0; i--) call.numbers.push_back(reader.number());
    program->calls.push_back(std::move(call));
  }
  if (!reader.ok) return -1;
  fixedBytes_ += program->constants.bytes();
  std::lock_guard<std::mutex> lock(programsMutex_);
  programs_.push_back(std::move(program));
  return static_cast<int>(programs_.size()) - 1;
}

char* Session::resolve(const Ref& ref, const ProgramCode& program) const {
  const size_t place = static_cast<size_t>(ref.place);
  if (ref.space == Space::variable) return place < variables_.size() ? static_cast<char*>(variables_[place].data()) : nullptr;
  return place < program.constants.bytes() ? static_cast<char*>(program.constants.data()) + place : nullptr;
}

const ProgramCode& Session::programAt(int number) {
  std::lock_guard<std::mutex> lock(programsMutex_);
  return *programs_[number];
}

void Session::run(int number, const std::vector<void*>& inputs, const std::vector<void*>& outputs, std::vector<double>* times) {
  const ProgramCode& program = programAt(number);
  if (inputs.size() < program.inputs || outputs.size() < program.outputs) throw std::out_of_range("inputs or outputs are missing");
  std::lock_guard<std::mutex> lock(runMutex_);
  char* arena = static_cast<char*>(arena_.reserve(program.arenaBytes));
  KernelContext context{pool_, workspace_};
  std::vector<char*> pointers;
  for (size_t i = 0; i < program.calls.size(); i++) {
    const Call& call = program.calls[i];
    pointers.clear();
    for (const Ref& ref : call.refs) {
      switch (ref.space) {
        case Space::arena: pointers.push_back(arena + ref.place); break;
        case Space::input: pointers.push_back(static_cast<char*>(inputs[ref.place])); break;
        case Space::output: pointers.push_back(static_cast<char*>(outputs[ref.place])); break;
        default: pointers.push_back(ref.fixed);
      }
    }
    const auto started = std::chrono::steady_clock::now();
    set_.runCall({call, pointers.data()}, context);
    if (times) (*times)[i] += std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
  }
  scratchBytes_.store(arena_.bytes() + workspace_.bytes(), std::memory_order_relaxed);
}

}  // namespace sagitta
