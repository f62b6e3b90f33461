#include "session.h"

#include <chrono>
#include <cstring>

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
  std::lock_guard<std::mutex> lock(mutex_);
  variables_.emplace_back();
  std::memset(variables_.back().reserve(bytes < 64 ? 64 : bytes), 0, bytes);
  return static_cast<int>(variables_.size()) - 1;
}

int Session::createProgram(const double* code, size_t length, const void* constants, size_t constantBytes, size_t arenaBytes) {
  auto program = std::make_unique<ProgramCode>();
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
      call.refs.push_back({static_cast<Space>(space), place});
    }
    for (size_t i = reader.length(); i > 0; i--) call.ints.push_back(reader.integer());
    for (size_t i = reader.length(); i > 0; i--) call.numbers.push_back(reader.number());
    program->calls.push_back(std::move(call));
  }
  if (!reader.ok) return -1;
  if (constantBytes > 0) std::memcpy(program->constants.reserve(constantBytes), constants, constantBytes);
  program->arenaBytes = arenaBytes;
  std::lock_guard<std::mutex> lock(mutex_);
  arena_.reserve(arenaBytes);
  programs_.push_back(std::move(program));
  return static_cast<int>(programs_.size()) - 1;
}

char* Session::find(const Ref& ref, const ProgramCode& code, const std::vector<void*>& inputs, const std::vector<void*>& outputs) {
  switch (ref.space) {
    case Space::arena: return static_cast<char*>(arena_.data()) + ref.place;
    case Space::variable: return static_cast<char*>(variables_[ref.place].data());
    case Space::input: return static_cast<char*>(inputs[ref.place]);
    case Space::output: return static_cast<char*>(outputs[ref.place]);
    case Space::constant: return static_cast<char*>(code.constants.data()) + ref.place;
  }
  return nullptr;
}

void Session::run(int number, const std::vector<void*>& inputs, const std::vector<void*>& outputs, std::vector<double>* times) {
  std::lock_guard<std::mutex> lock(mutex_);
  const ProgramCode& program = *programs_[number];
  KernelContext context{pool_, workspace_};
  std::vector<char*> pointers;
  for (size_t i = 0; i < program.calls.size(); i++) {
    const Call& call = program.calls[i];
    pointers.clear();
    for (const Ref& ref : call.refs) pointers.push_back(find(ref, program, inputs, outputs));
    const auto started = std::chrono::steady_clock::now();
    set_.runCall({call, pointers.data()}, context);
    if (times) (*times)[i] += std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
  }
}

size_t Session::bytes() const {
  std::lock_guard<std::mutex> lock(mutex_);
  size_t total = arena_.bytes() + workspace_.bytes();
  for (const auto& variable : variables_) total += variable.bytes();
  for (const auto& program : programs_) total += program->constants.bytes();
  return total;
}

}  // namespace sagitta
