// Raising, testing and catching exceptions; texts from patterns; what cannot be raised is reported.
//
// Invariant: `ts.pending` is null or one exception object, owned. Whatever is replaced is dropped
// after the new one stands.

#include "objects/errors.h"

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "objects/exception.h"
#include "objects/exception_types.h"
#include "objects/int.h"
#include "objects/module.h"
#include "objects/operations.h"
#include "objects/str.h"
#include "objects/traceback_text.h"
#include "support/check.h"

namespace ouro {

namespace {

constexpr std::size_t kMaxHeldArgs = 16;

/// Shows one argument; `conversion` is 0, 'r', 't' or 'n'.
Status append_argument(ThreadState& ts, StrBuilder& out, const FormatArg& arg, char conversion) {
  char digits[24];
  switch (arg.kind) {
    case FormatArg::Kind::Text:
      return out.append(arg.text);
    case FormatArg::Kind::Char:
      return out.append(static_cast<char32_t>(arg.number));
    case FormatArg::Kind::Signed:
      std::snprintf(digits, sizeof digits, "%lld", static_cast<long long>(arg.number));
      return out.append(std::string_view(digits));
    case FormatArg::Kind::Unsigned:
      std::snprintf(digits, sizeof digits, "%llu", static_cast<unsigned long long>(arg.number));
      return out.append(std::string_view(digits));
    case FormatArg::Kind::Object:
      break;
  }
  if (arg.object == nullptr) return out.append(std::string_view("<NULL>"));
  if (conversion == 'n' && is_none(arg.object)) return out.append(std::string_view("None"));
  if (conversion == 't' || conversion == 'n') return out.append(std::string_view(type_name(arg.object)));
  if (conversion == 0 && is_exact_str(arg.object))
    return out.append(Borrowed<Str>(as<Str>(arg.object)));
  Ref<Str> text =
      conversion == 'r' ? OURO_TRY(repr_of(ts, arg.object)) : OURO_TRY(str_of(ts, arg.object));
  return out.append(Borrowed<Str>(text));
}

Status format_into(ThreadState& ts, StrBuilder& out, const char* pattern,
                   std::span<const FormatArg> args) {
  std::size_t next = 0;
  const char* from = pattern;
  const char* at = pattern;
  while (*at != '\0') {
    if (*at != '{' && *at != '}') {
      ++at;
      continue;
    }
    if (at != from)
      OURO_TRY(out.append(std::string_view(from, static_cast<std::size_t>(at - from))));
    if (at[1] == at[0]) {  // a doubled brace stands for itself
      OURO_TRY(out.append(static_cast<char32_t>(*at)));
      at += 2;
    } else {
      const char conversion = at[1] == '}' ? '\0' : at[1];
      OURO_CHECK(*at == '{' && (conversion == 0 || at[2] == '}') && next < args.size(),
                 "message pattern \"%s\" does not fit its %zu arguments", pattern, args.size());
      OURO_TRY(append_argument(ts, out, args[next++], conversion));
      at += conversion == 0 ? 2 : 3;
    }
    from = at;
  }
  if (at != from) OURO_TRY(out.append(std::string_view(from, static_cast<std::size_t>(at - from))));
  return kDone;
}

/// The innermost exception that is being handled; null when none is.
Object* handled_exception(const ThreadState& ts) {
  for (const HandledException* link = ts.handled; link != nullptr; link = link->previous) {
    if (link->exception != nullptr && link->exception != ts.core.none) return link->exception;
  }
  return nullptr;
}

/// Takes `exception` out of the chain of contexts that starts at `first`, so that linking the two
/// makes no circle. Floyd's tortoise finds circles that program code made earlier.
void cut_from_context_chain(Object* first, Object* exception) {
  Object* at = first;
  Object* slow = first;
  bool advance_slow = false;
  for (;;) {
    Object* context = as_exception(at)->context;
    if (context == nullptr) return;
    if (context == exception) {
      as_exception(at)->context = nullptr;
      decref(context);  // not the last reference: the caller holds `exception`
      return;
    }
    at = context;
    if (at == slow) return;
    if (advance_slow) slow = as_exception(slow)->context;
    advance_slow = !advance_slow;
  }
}

void set_pending(ThreadState& ts, Object* exception) {
  xdecref(std::exchange(ts.pending, exception));
}

constexpr int kLast = 3;  // of core.memory_errors

/// A ready-made MemoryError: one that goes out and comes back when it dies, else the last one,
/// which never leaves.
ObjRef stored_memory_error(ThreadState& ts) {
  for (int i = 0; i < kLast; ++i) {
    if (Object* error = std::exchange(ts.core.memory_errors[i], nullptr); error != nullptr) {
      // Without room in the log it stays unwatched: a cycle through it would leak, but nothing
      // breaks.
      static_cast<void>(ts.space.collector.track(error));
      return ObjRef::steal(error);
    }
  }
  Object* last = ts.core.memory_errors[kLast];
  // What an earlier use left behind must not show in this one.
  clear_unused_memory_error(ts);
  return ObjRef::share(last);
}

}  // namespace

Result<Ref<Str>> format_message(ThreadState& ts, const char* pattern,
                                std::span<const FormatArg> args) {
  // Showing one object may run Python code that drops another.
  OURO_CHECK(args.size() <= kMaxHeldArgs, "message pattern \"%s\" has too many arguments", pattern);
  ObjRef held[kMaxHeldArgs];
  for (std::size_t i = 0; i < args.size(); ++i) {
    if (args[i].kind == FormatArg::Kind::Object) held[i] = ObjRef::share(args[i].object);
  }
  StrBuilder out(ts);
  OURO_TRY(format_into(ts, out, pattern, args));
  return out.finish();
}

Raised raise_object(ThreadState& ts, ObjRef exception) {
  if (Object* handled = handled_exception(ts); handled != nullptr && handled != exception.get()) {
    cut_from_context_chain(handled, exception.get());
    incref(handled);
    Object* old = std::exchange(as_exception(exception)->context, handled);
    xdecref(old);
  }
  set_pending(ts, exception.release());
  return Raised{};
}

Raised raise_formatted(ThreadState& ts, Borrowed<Type> exception, const char* pattern,
                       std::span<const FormatArg> args) {
  auto message = format_message(ts, pattern, args);
  if (message.raised()) return Raised{};
  Ref<Str> text = message.take();
  return raise_with(ts, exception, Obj(text.get()));
}

Raised raise_with(ThreadState& ts, Borrowed<Type> exception, Obj value) {
  Object* values[] = {value.get()};
  const Args args{values, value ? 1u : 0u, nullptr};
  auto made =
      exception->has(kHeapType) ? call(ts, exception, args) : new_exception(ts, exception, args);
  if (made.raised()) return Raised{};
  ObjRef object = made.take();
  if (!is_exception(object)) {
    return raise_type_error(
        ts, "calling {r} should have returned an instance of BaseException, not {t}",
        Obj(exception), object);
  }
  return raise_object(ts, std::move(object));
}

void clear_unused_memory_error(ThreadState& ts) {
  Object* last = ts.core.memory_errors[kLast];
  if (last == nullptr || last->refcount > 1) return;
  ObjRef kept = ObjRef::share(last);  // dropping the parts may run code that raises it
  Object* old_traceback = std::exchange(as_exception(last)->traceback, nullptr);
  Object* old_context = std::exchange(as_exception(last)->context, nullptr);
  xdecref(old_traceback);
  xdecref(old_context);
}

Raised raise_no_memory(ThreadState& ts) {
  // Before the built-in exceptions exist, starting fails without one.
  if (ts.core.memory_errors[kLast] == nullptr) return Raised{};
  return raise_object(ts, stored_memory_error(ts));
}

Raised raise_os_error(ThreadState& ts, int error_number, Obj filename) {
  if (error_number == ENOMEM) return raise_no_memory(ts);
  ObjRef kept_name = filename.new_ref();
  auto number = Int::from(ts, error_number);
  if (number.raised()) return Raised{};
  Ref<Int> number_object = number.take();
  auto text = Str::from_utf8(ts, std::strerror(error_number));
  if (text.raised()) return Raised{};
  Ref<Str> text_object = text.take();
  Object* values[] = {number_object.get(), text_object.get(), kept_name.get()};
  auto made =
      new_exception(ts, ts.core.exceptions.OSError, Args{values, kept_name ? 3u : 2u, nullptr});
  if (made.raised()) return Raised{};
  return raise_object(ts, made.take());
}

Raised raise_system_error(ThreadState& ts, const char* text) {
  return raise(ts, ts.core.exceptions.SystemError, "{}", text);
}

bool pending_matches(ThreadState& ts, Borrowed<Type> exception) {
  return ts.pending != nullptr && is_instance_of(ts.pending, exception);
}

ObjRef take_pending(ThreadState& ts) { return ObjRef::steal(std::exchange(ts.pending, nullptr)); }

void restore_pending(ThreadState& ts, ObjRef exception) { set_pending(ts, exception.release()); }

bool catch_pending(ThreadState& ts, Borrowed<Type> exception) {
  if (!pending_matches(ts, exception)) return false;
  clear_pending(ts);
  return true;
}

SavedPending::~SavedPending() {
  if (ts_.pending == saved_) return;
  set_pending(ts_, saved_);
}

namespace {

/// sys.unraisablehook, new reference; null when there is none (start, exit).
ObjRef unraisable_hook(ThreadState& ts) {
  if (ts.core.sys_dict == nullptr) return nullptr;
  return dict_get_str(ts.core.sys_dict, ts.core.names.n_unraisablehook).new_ref();
}

/// The argument of the hook: exc_type, exc_value, exc_traceback, err_msg, object.
ObjResult make_hook_argument(ThreadState& ts, const Unraisable& what) {
  Ref<Str> name = OURO_TRY(intern(ts, "UnraisableHookArgs"));
  ObjRef type = dict_get_str(ts.core.sys_dict, name).new_ref();
  if (!type) return raise_system_error(ts, "sys has lost UnraisableHookArgs");
  const auto or_none = [&](Obj value) { return value ? value : Obj(ts.core.none); };
  Ref<Tuple> values =
      OURO_TRY(Tuple::of(ts, what.exception ? Obj(what.exception->type()) : Obj(ts.core.none), or_none(what.exception),
                         or_none(what.traceback), or_none(what.message), or_none(what.where)));
  return call(ts, type, values);
}

void write_default_report(ThreadState& ts, const Unraisable& what) {
  auto text = unraisable_text(ts, what);
  if (text.raised()) {
    clear_pending(ts);
    return;
  }
  Ref<Str> owned = text.take();
  write_to_stderr(ts, owned);
}

}  // namespace

Status warn_deprecated(ThreadState& ts, Borrowed<Str> text) {
  ObjRef warnings = OURO_TRY(import_by_name(ts, "warnings"));
  ObjRef warn = OURO_TRY(get_attribute(ts, warnings, "warn"));
  (void)OURO_TRY(call(ts, warn, text, Obj(ts.core.exceptions.DeprecationWarning)));
  return kDone;
}

void report_unraisable(ThreadState& ts, Obj where, const char* message) {
  if (!has_pending(ts)) return;
  ObjRef kept_where = where.new_ref();
  if (as_exception(ts.pending)->traceback == nullptr) trace_running_frame(ts);
  ObjRef exception = take_pending(ts);
  ObjRef traceback = ObjRef::share(as_exception(exception)->traceback);
  Ref<Str> message_text;
  if (message != nullptr) {
    const FormatArg parts[] = {FormatArg(message)};
    auto made = format_message(ts, "Exception ignored {}", parts);
    if (made.ok()) {
      message_text = made.take();
    } else {
      clear_pending(ts);
    }
  }
  const Unraisable what{exception, traceback, Obj(message_text.get()), kept_where};
  ObjRef hook = unraisable_hook(ts);
  if (!hook || is_none(hook)) {
    write_default_report(ts, what);
    return;
  }
  auto argument = make_hook_argument(ts, what);
  if (argument.raised()) {
    clear_pending(ts);
    write_default_report(ts, what);
    return;
  }
  ObjRef argument_object = argument.take();
  auto answer = call(ts, hook, Obj(argument_object));
  if (answer.ok()) {
    answer.take().reset();
    return;
  }
  // The hook failed: that is now what is to be told, by the default text.
  ObjRef hook_error = take_pending(ts);
  ObjRef hook_traceback = ObjRef::share(as_exception(hook_error)->traceback);
  auto hook_message = Str::from_utf8(ts, "Exception ignored in sys.unraisablehook");
  if (hook_message.raised()) {
    clear_pending(ts);
    return;
  }
  Ref<Str> hook_text = hook_message.take();
  write_default_report(ts, Unraisable{hook_error, hook_traceback, Obj(hook_text.get()), hook});
}

}  // namespace ouro
