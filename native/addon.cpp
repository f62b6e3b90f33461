// The door to JavaScript: plain Node-API. Arguments come from our own TypeScript and are checked only where a mistake would
// corrupt memory. Names are those of the interface `NativeAddon` in src/engine/executors/cpu/native.ts.
#include <node_api.h>

#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include "session.h"

namespace {

using sagitta::InstructionSet;
using sagitta::Session;

napi_value fail(napi_env env, const char* message) {
  napi_throw_error(env, nullptr, message);
  return nullptr;
}

std::vector<napi_value> argumentsOf(napi_env env, napi_callback_info info) {
  size_t count = 8;
  std::vector<napi_value> values(count);
  napi_get_cb_info(env, info, &count, values.data(), nullptr, nullptr);
  values.resize(count);
  return values;
}

double numberOf(napi_env env, napi_value value) {
  double number = 0;
  napi_get_value_double(env, value, &number);
  return number;
}

napi_value toNumber(napi_env env, double number) {
  napi_value value;
  napi_create_double(env, number, &value);
  return value;
}

struct Bytes {
  void* data = nullptr;
  size_t size = 0;
};

// The memory of a typed array; empty for anything else.
Bytes bytesOf(napi_env env, napi_value value) {
  bool isTypedArray = false;
  napi_is_typedarray(env, value, &isTypedArray);
  if (!isTypedArray) return {};
  napi_typedarray_type type;
  Bytes bytes;
  size_t length = 0;
  napi_get_typedarray_info(env, value, &type, &length, &bytes.data, nullptr, nullptr);
  bytes.size = length * (type == napi_float64_array ? 8 : type == napi_uint8_array ? 1 : 4);
  return bytes;
}

// Sessions are shared with work under way, so that closing one while it runs is safe.
typedef std::shared_ptr<Session> SessionRef;

Session* sessionOf(napi_env env, napi_value value) {
  void* data = nullptr;
  if (napi_get_value_external(env, value, &data) != napi_ok || data == nullptr) return nullptr;
  return static_cast<SessionRef*>(data)->get();
}

const InstructionSet* findSet(const std::string& name) {
  for (const auto& set : sagitta::instructionSets())
    if ((name.empty() || name == set.name) && set.isSupported()) return &set;
  return nullptr;
}

napi_value instructionSets(napi_env env, napi_callback_info) {
  napi_value list;
  napi_create_array(env, &list);
  uint32_t index = 0;
  for (const auto& set : sagitta::instructionSets()) {
    if (!set.isSupported()) continue;
    napi_value name;
    napi_create_string_utf8(env, set.name, NAPI_AUTO_LENGTH, &name);
    napi_set_element(env, list, index++, name);
  }
  return list;
}

// openSession(threads, instructionSet) → session
napi_value openSession(napi_env env, napi_callback_info info) {
  const auto args = argumentsOf(env, info);
  char name[32] = "";
  size_t length = 0;
  napi_get_value_string_utf8(env, args[1], name, sizeof(name), &length);
  const InstructionSet* set = findSet(name);
  if (set == nullptr) return fail(env, "this processor does not have the instruction set asked for");
  SessionRef* session = nullptr;
  try {
    session = new SessionRef(std::make_shared<Session>(static_cast<int>(numberOf(env, args[0])), *set));
  } catch (const std::exception&) {
    // The system grants no more threads or memory.
    return fail(env, "the threads of the session could not be started");
  }
  napi_value value;
  napi_create_external(env, session, [](napi_env, void* data, void*) { delete static_cast<SessionRef*>(data); }, nullptr, &value);
  return value;
}

// closeSession(session): memory goes as soon as no work uses it.
napi_value closeSession(napi_env env, napi_callback_info info) {
  const auto args = argumentsOf(env, info);
  void* data = nullptr;
  if (napi_get_value_external(env, args[0], &data) == napi_ok) static_cast<SessionRef*>(data)->reset();
  return nullptr;
}

// createVariable(session, bytes) → id
napi_value createVariable(napi_env env, napi_callback_info info) {
  const auto args = argumentsOf(env, info);
  Session* session = sessionOf(env, args[0]);
  if (session == nullptr) return fail(env, "the session is closed");
  try {
    return toNumber(env, session->createVariable(static_cast<size_t>(numberOf(env, args[1]))));
  } catch (const std::bad_alloc&) {
    return fail(env, "out of memory");
  }
}

// readVariable(session, id, into) and writeVariable(session, id, from): typed arrays of the variable's size at most
napi_value copyVariable(napi_env env, napi_callback_info info, bool write) {
  const auto args = argumentsOf(env, info);
  Session* session = sessionOf(env, args[0]);
  if (session == nullptr) return fail(env, "the session is closed");
  const size_t id = static_cast<size_t>(numberOf(env, args[1]));
  const Bytes bytes = bytesOf(env, args[2]);
  if (id >= session->variableCount() || bytes.size > session->variableBytes(static_cast<int>(id))) return fail(env, "no such variable, or a wrong size");
  void* variable = session->variable(static_cast<int>(id));
  if (write) std::memcpy(variable, bytes.data, bytes.size);
  else std::memcpy(bytes.data, variable, bytes.size);
  return nullptr;
}

napi_value readVariable(napi_env env, napi_callback_info info) { return copyVariable(env, info, false); }
napi_value writeVariable(napi_env env, napi_callback_info info) { return copyVariable(env, info, true); }

// createProgram(session, code Float64Array, constants Uint8Array, arenaBytes) → number
napi_value createProgram(napi_env env, napi_callback_info info) {
  const auto args = argumentsOf(env, info);
  Session* session = sessionOf(env, args[0]);
  if (session == nullptr) return fail(env, "the session is closed");
  const Bytes code = bytesOf(env, args[1]), constants = bytesOf(env, args[2]);
  try {
    const int program = session->createProgram(static_cast<const double*>(code.data), code.size / sizeof(double), constants.data, constants.size,
                                               static_cast<size_t>(numberOf(env, args[3])));
    return program < 0 ? fail(env, "the program's code does not parse") : toNumber(env, program);
  } catch (const std::bad_alloc&) {
    return fail(env, "out of memory");
  }
}

struct Work {
  SessionRef session;
  int program;
  std::vector<void*> inputs, outputs;
  std::vector<napi_ref> held;
  std::vector<double> times;
  double* timesOut = nullptr;
  std::string error;
  napi_deferred deferred;
  napi_async_work handle;
};

void execute(napi_env, void* data) {
  Work& work = *static_cast<Work*>(data);
  try {
    work.session->run(work.program, work.inputs, work.outputs, work.timesOut ? &work.times : nullptr);
  } catch (const std::bad_alloc&) {
    work.error = "out of memory";
  } catch (const std::exception& error) {
    work.error = error.what();
  }
}

void complete(napi_env env, napi_status, void* data) {
  std::unique_ptr<Work> work(static_cast<Work*>(data));
  if (work->timesOut)
    for (size_t i = 0; i < work->times.size(); i++) work->timesOut[i] += work->times[i];
  napi_value value;
  if (work->error.empty()) {
    napi_get_undefined(env, &value);
    napi_resolve_deferred(env, work->deferred, value);
  } else {
    napi_value message;
    napi_create_string_utf8(env, work->error.c_str(), NAPI_AUTO_LENGTH, &message);
    napi_create_error(env, nullptr, message, &value);
    napi_reject_deferred(env, work->deferred, value);
  }
  for (napi_ref ref : work->held) napi_delete_reference(env, ref);
  napi_delete_async_work(env, work->handle);
}

// Collects the memory of an array of typed arrays and keeps them alive until the work is done.
std::vector<void*> hold(napi_env env, napi_value list, Work& work) {
  uint32_t length = 0;
  napi_get_array_length(env, list, &length);
  std::vector<void*> pointers;
  for (uint32_t i = 0; i < length; i++) {
    napi_value item;
    napi_get_element(env, list, i, &item);
    pointers.push_back(bytesOf(env, item).data);
    napi_ref ref;
    napi_create_reference(env, item, 1, &ref);
    work.held.push_back(ref);
  }
  return pointers;
}

// run(session, program, inputs, outputs, times Float64Array or null) → promise. One run of a session at a time.
napi_value run(napi_env env, napi_callback_info info) {
  const auto args = argumentsOf(env, info);
  Session* session = sessionOf(env, args[0]);
  if (session == nullptr) return fail(env, "the session is closed");
  void* data = nullptr;
  napi_get_value_external(env, args[0], &data);
  auto work = std::make_unique<Work>();
  work->session = *static_cast<SessionRef*>(data);
  work->program = static_cast<int>(numberOf(env, args[1]));
  if (work->program < 0 || static_cast<size_t>(work->program) >= session->programCount()) return fail(env, "no such program");
  work->inputs = hold(env, args[2], *work);
  work->outputs = hold(env, args[3], *work);
  const Bytes times = bytesOf(env, args[4]);
  if (times.size >= session->callCount(work->program) * sizeof(double) && times.data != nullptr) {
    work->timesOut = static_cast<double*>(times.data);
    work->times.assign(session->callCount(work->program), 0);
    napi_ref ref;
    napi_create_reference(env, args[4], 1, &ref);
    work->held.push_back(ref);
  }
  napi_value promise, name;
  napi_create_promise(env, &work->deferred, &promise);
  napi_create_string_utf8(env, "sagitta:run", NAPI_AUTO_LENGTH, &name);
  napi_create_async_work(env, nullptr, name, execute, complete, work.get(), &work->handle);
  napi_queue_async_work(env, work->handle);
  work.release();
  return promise;
}

napi_value sessionBytes(napi_env env, napi_callback_info info) {
  const auto args = argumentsOf(env, info);
  Session* session = sessionOf(env, args[0]);
  return toNumber(env, session ? static_cast<double>(session->bytes()) : 0);
}

}  // namespace

NAPI_MODULE_INIT() {
  const std::pair<const char*, napi_callback> functions[] = {
      {"instructionSets", instructionSets}, {"openSession", openSession},     {"closeSession", closeSession},
      {"createVariable", createVariable},   {"readVariable", readVariable},   {"writeVariable", writeVariable},
      {"createProgram", createProgram},     {"run", run},                     {"sessionBytes", sessionBytes}};
  for (const auto& [name, callback] : functions) {
    napi_value value;
    napi_create_function(env, name, NAPI_AUTO_LENGTH, callback, nullptr, &value);
    napi_set_named_property(env, exports, name, value);
  }
  return exports;
}
