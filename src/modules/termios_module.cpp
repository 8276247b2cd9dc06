// Module termios: modes of terminals.
#include <asm/ioctls.h>
#include <sys/ioctl.h>
#include <sys/ttydefaults.h>
#include <termios.h>

#include "modules/library_support.h"
#include "modules/native_modules.h"
#include "objects/list.h"

namespace ouro {

namespace {

/// The module's own exception: error(number, message).
Raised raise_terminal_error(ThreadState& ts, Obj module) {
  const int number = errno;
  Ref<Int> code = OURO_TRY(Int::from(ts, number));
  Ref<Str> message = OURO_TRY(Str::from_utf8(ts, strerror(number)));
  return raise_object(ts, OURO_TRY(call(ts, state_object(module, 0), code, message)));
}

/// Answers None, or raises when `result` says that a call failed.
ObjResult none_or_error(ThreadState& ts, Obj module, int result) {
  if (result < 0) return raise_terminal_error(ts, module);
  return ts.core.none_ref();
}

/// VMIN and VTIME are numbers where input is not read line by line; other characters are bytes.
bool is_number(std::size_t index, tcflag_t local_modes) {
  return (local_modes & ICANON) == 0 && (index == VMIN || index == VTIME);
}

ObjResult get_attributes(ThreadState& ts, Obj module, Args args) {
  const int descriptor = OURO_TRY(file_descriptor(ts, args[0]));
  termios mode = {};
  if (tcgetattr(descriptor, &mode) < 0) return raise_terminal_error(ts, module);
  Ref<List> characters = OURO_TRY(List::create(ts, NCCS));
  for (std::size_t i = 0; i < NCCS; ++i) {
    const auto character = static_cast<char>(mode.c_cc[i]);
    ObjRef item = is_number(i, mode.c_lflag) ? ObjRef(OURO_TRY(Int::from(ts, mode.c_cc[i])))
                                             : ObjRef(OURO_TRY(Bytes::from(ts, {&character, 1})));
    OURO_TRY(characters->append(ts, std::move(item)));
  }
  Ref<List> result = OURO_TRY(List::create(ts, 7));
  for (const std::uint32_t number : {mode.c_iflag, mode.c_oflag, mode.c_cflag, mode.c_lflag,
                                     cfgetispeed(&mode), cfgetospeed(&mode)}) {
    OURO_TRY(result->append(ts, OURO_TRY(Int::from(ts, number))));
  }
  OURO_TRY(result->append(ts, characters));
  return result;
}

Status set_characters(ThreadState& ts, termios& mode, Obj given) {
  if (!is_list(given) || as<List>(given)->size != NCCS) {
    return raise_type_error(ts, "tcsetattr: attributes[6] must be {} element list", NCCS);
  }
  for (std::size_t i = 0; i < NCCS; ++i) {
    if (as<List>(given)->size != NCCS) break;  // an __index__ changed it
    ObjRef item = as<List>(given)->at(static_cast<std::int64_t>(i)).new_ref();
    if (is_bytes(item) && as<Bytes>(item)->length == 1) {
      mode.c_cc[i] = static_cast<cc_t>(as<Bytes>(item)->data()[0]);
    } else if (is_int(item)) {
      mode.c_cc[i] = static_cast<cc_t>(OURO_TRY(c_unsigned_bits(ts, item)));
    } else {
      return raise_type_error(ts,
                              "tcsetattr: elements of attributes must be characters or integers");
    }
  }
  return kDone;
}

ObjResult set_attributes(ThreadState& ts, Obj module, Args args) {
  const int descriptor = OURO_TRY(file_descriptor(ts, args[0]));
  const int when = OURO_TRY(c_int(ts, args[1]));
  if (!is_list(args[2]) || as<List>(args[2])->size != 7) {
    return raise_type_error(ts, "tcsetattr, arg 3: must be 7 element list");
  }
  // What is not in the list stays as it is.
  termios mode = {};
  if (tcgetattr(descriptor, &mode) < 0) return raise_terminal_error(ts, module);
  Ref<List> given = OURO_TRY(List::from(ts, as<List>(args[2])->items, 7));
  std::uint64_t numbers[6];
  for (std::int64_t i = 0; i < 6; ++i) {
    if (!is_int(given->at(i)))
      return raise_type_error(ts, "an integer is required (got type {t})", given->at(i));
    numbers[i] = OURO_TRY(c_unsigned_bits(ts, given->at(i)));
  }
  mode.c_iflag = static_cast<tcflag_t>(numbers[0]);
  mode.c_oflag = static_cast<tcflag_t>(numbers[1]);
  mode.c_cflag = static_cast<tcflag_t>(numbers[2]);
  mode.c_lflag = static_cast<tcflag_t>(numbers[3]);
  OURO_TRY(set_characters(ts, mode, given->at(6)));
  if (cfsetispeed(&mode, static_cast<speed_t>(numbers[4])) < 0 ||
      cfsetospeed(&mode, static_cast<speed_t>(numbers[5])) < 0) {
    return raise_terminal_error(ts, module);
  }
  return none_or_error(ts, module, tcsetattr(descriptor, when, &mode));
}

template <int (*Act)(int, int)>
ObjResult act_with_number(ThreadState& ts, Obj module, Args args) {
  const int descriptor = OURO_TRY(file_descriptor(ts, args[0]));
  const int number = OURO_TRY(c_int(ts, args[1]));
  return none_or_error(ts, module, Act(descriptor, number));
}

ObjResult drain(ThreadState& ts, Obj module, Args args) {
  const int descriptor = OURO_TRY(file_descriptor(ts, args[0]));
  return none_or_error(ts, module, tcdrain(descriptor));
}

ObjResult get_window_size(ThreadState& ts, Obj module, Args args) {
  const int descriptor = OURO_TRY(file_descriptor(ts, args[0]));
  winsize size = {};
  if (ioctl(descriptor, TIOCGWINSZ, &size) < 0) return raise_terminal_error(ts, module);
  Ref<Int> rows = OURO_TRY(Int::from(ts, size.ws_row));
  Ref<Int> columns = OURO_TRY(Int::from(ts, size.ws_col));
  return Tuple::of(ts, rows, columns);
}

Result<unsigned short> window_number(ThreadState& ts, Obj value) {
  const auto wide = static_cast<std::int64_t>(
      OURO_TRY(index_as_int64(ts, value, ts.core.exceptions.OverflowError)));
  if (wide < 0 || wide > UINT16_MAX) {
    return raise(ts, ts.core.exceptions.OverflowError, "winsize value(s) out of range.");
  }
  return static_cast<unsigned short>(wide);
}

ObjResult set_window_size(ThreadState& ts, Obj module, Args args) {
  constexpr const char* kMessage = "tcsetwinsize, arg 2: must be a two-item sequence";
  const int descriptor = OURO_TRY(file_descriptor(ts, args[0]));
  if (args[1]->type()->sequence.item == nullptr) return raise_type_error(ts, "{}", kMessage);
  ObjRef pair = OURO_TRY(sequence_fast(ts, args[1], kMessage));
  if (fast_items(pair).size() != 2) return raise_type_error(ts, "{}", kMessage);
  ObjRef first = ObjRef::share(fast_items(pair)[0]);
  ObjRef second = ObjRef::share(fast_items(pair)[1]);
  const unsigned short rows = OURO_TRY(window_number(ts, first));
  const unsigned short columns = OURO_TRY(window_number(ts, second));
  winsize size = {};
  if (ioctl(descriptor, TIOCGWINSZ, &size) < 0) return raise_terminal_error(ts, module);
  size.ws_row = rows;
  size.ws_col = columns;
  return none_or_error(ts, module, ioctl(descriptor, TIOCSWINSZ, &size));
}

constexpr MethodDef kFunctions[] = {
    {"tcgetattr", get_attributes, 1, 1, MethodDef::kNone,
     "tcgetattr($module, fd, /)\n--\n\nThe modes of the terminal: [iflag, oflag, cflag, lflag, "
     "ispeed, "
     "ospeed, cc]."},
    {"tcsetattr", set_attributes, 3, 3, MethodDef::kNone,
     "tcsetattr($module, fd, when, attributes, /)\n--\n\nSets the modes of the terminal."},
    {"tcsendbreak", act_with_number<tcsendbreak>, 2, 2, MethodDef::kNone,
     "tcsendbreak($module, fd, duration, /)\n--\n\nSends a break."},
    {"tcdrain", drain, 1, 1, MethodDef::kNone,
     "tcdrain($module, fd, /)\n--\n\nWaits until all output has been sent."},
    {"tcflush", act_with_number<tcflush>, 2, 2, MethodDef::kNone,
     "tcflush($module, fd, queue, /)\n--\n\nDiscards what is queued."},
    {"tcflow", act_with_number<tcflow>, 2, 2, MethodDef::kNone,
     "tcflow($module, fd, action, /)\n--\n\nSuspends or resumes input or output."},
    {"tcgetwinsize", get_window_size, 1, 1, MethodDef::kNone,
     "tcgetwinsize($module, fd, /)\n--\n\nThe window's size: (rows, columns)."},
    {"tcsetwinsize", set_window_size, 2, 2, MethodDef::kNone,
     "tcsetwinsize($module, fd, winsize, /)\n--\n\nSets the window's size: (rows, columns)."},
    {nullptr, nullptr, 0, 0, MethodDef::kNone, nullptr},
};

constexpr std::pair<const char*, std::int64_t> kConstants[] = {
#define OURO_TERMIOS(name) {#name, name},
#include "modules/termios_names.def"
#undef OURO_TERMIOS
    {"VSWTCH", VSWTC},
};

}  // namespace

Result<Ref<Module>> create_termios_module(ThreadState& ts) {
  Ref<Module> module = OURO_TRY(Module::create(ts, "termios"));
  OURO_TRY(module->add_functions(ts, kFunctions));
  Ref<Type> error =
      OURO_TRY(make_exception_class(ts, "termios", "error", ts.core.exceptions.Exception));
  OURO_TRY(dict_set(ts, module->dict, "error", Obj(error)));
  OURO_TRY(set_state(ts, module, {error}));
  for (const auto& [name, value] : kConstants) OURO_TRY(add_constant(ts, module, name, value));
  return module;
}

}  // namespace ouro
