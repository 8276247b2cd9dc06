// Module sys: what it tells of all threads, and the switch interval.
#include "modules/module_support.h"
#include "modules/sys_module.h"
#include "objects/exception.h"
#include "objects/float.h"
#include "objects/threads.h"
#include "vm/frame.h"

namespace ouro {

namespace {

/// No collection for its lifetime: it could run Python code and let other threads go on, whose
/// frames are being looked at.
class NoCollection {
 public:
  explicit NoCollection(gc::Collector& collector)
      : collector_(collector), before_(collector.enabled()) {
    collector_.set_enabled(false);
  }
  ~NoCollection() { collector_.set_enabled(before_); }
  NoCollection(const NoCollection&) = delete;
  NoCollection& operator=(const NoCollection&) = delete;

 private:
  gc::Collector& collector_;
  const bool before_;
};

/// A dict from each thread's identifier to what `describe` makes of the thread; None: left out.
template <class Describe>
ObjResult describe_threads(ThreadState& ts, Describe describe) {
  Ref<Dict> result = OURO_TRY(Dict::create(ts));
  const NoCollection guard(ts.space.collector);
  for (ThreadState* at = ts.threads->first(); at != nullptr; at = at->next_thread) {
    ObjRef value = OURO_TRY(describe(*at));
    if (is_none(value)) continue;
    Ref<Int> identifier = OURO_TRY(Int::from_unsigned(ts, at->identity));
    OURO_TRY(dict_set(ts, result, identifier, value));
  }
  return result;
}

ObjResult current_frames(ThreadState& ts, Obj, Args) {
  OURO_TRY(audit(ts, "sys._current_frames", {}));
  return describe_threads(ts, [&](ThreadState& thread) -> ObjResult {
    Frame* frame = complete_frame(thread.frame);
    if (frame == nullptr) return ts.core.none_ref();
    FrameObject* object = frame_object_of(ts, frame);
    if (object == nullptr) return Raised{};
    return Obj(object).new_ref();
  });
}

ObjResult current_exceptions(ThreadState& ts, Obj, Args) {
  OURO_TRY(audit(ts, "sys._current_exceptions", {}));
  return describe_threads(ts, [&](ThreadState& thread) -> ObjResult {
    const HandledException* at = thread.handled;
    while (at != nullptr && (at->exception == nullptr || at->exception == ts.core.none)) {
      at = at->previous;
    }
    Object* none = ts.core.none;
    if (at == nullptr) return OURO_TRY(Tuple::of(ts, none, none, none));
    Obj exception = at->exception;
    Object* traceback = as_exception(exception)->traceback;
    return OURO_TRY(Tuple::of(ts, Obj(exception->type()), exception,
                              Obj(traceback == nullptr ? none : traceback)));
  });
}

ObjResult get_switch_interval(ThreadState& ts, Obj, Args) {
  return Float::from(ts, 1e-6 * static_cast<double>(ts.threads->switch_interval_us()));
}

ObjResult set_switch_interval(ThreadState& ts, Obj, Args args) {
  constexpr double kMostSeconds = 1e9;
  const double seconds = OURO_TRY(as_double(ts, args[0]));
  if (!(seconds > 0)) return raise_value_error(ts, "switch interval must be strictly positive");
  ts.threads->set_switch_interval_us(
      std::max<std::int64_t>(1, static_cast<std::int64_t>(1e6 * std::min(seconds, kMostSeconds))));
  return ts.core.none_ref();
}

constexpr MethodDef kFunctions[] = {
    {"_current_frames", current_frames, 0, 0, MethodDef::kNone,
     "_current_frames($module, /)\n--\n\nReturn a dict mapping each thread's thread id to its "
     "current stack frame."},
    {"_current_exceptions", current_exceptions, 0, 0, MethodDef::kNone,
     "_current_exceptions($module, /)\n--\n\nReturn a dict mapping each thread's identifier to its "
     "current raised exception."},
    {"getswitchinterval", get_switch_interval, 0, 0, MethodDef::kNone,
     "getswitchinterval($module, /)\n--\n\nReturn the current thread switch interval; see "
     "sys.setswitchinterval()."},
    {"setswitchinterval", set_switch_interval, 1, 1, MethodDef::kNone,
     "setswitchinterval($module, interval, /)\n--\n\nSet the ideal thread switching delay inside "
     "the interpreter, in seconds."},
    {nullptr, nullptr, 0, 0, MethodDef::kNone, nullptr},
};

}  // namespace

Status add_sys_thread_functions(ThreadState& ts, Borrowed<Module> module) {
  return module->add_functions(ts, kFunctions);
}

}  // namespace ouro
