// Code objects: making them, and their Python face.

#include "objects/code.h"

#include <cstdio>
#include <cstring>

#include "objects/bytes.h"
#include "objects/errors.h"
#include "objects/int.h"
#include "objects/list.h"
#include "objects/operations.h"
#include "objects/type_inits.h"

namespace ouro {

namespace {

/// Copies an array into a heap block; null with `failed` when memory is short. Empty arrays take
/// none.
template <class T>
T* copy_array(std::span<const T> from, bool& failed) {
  if (from.empty() || failed) return nullptr;
  void* block = allocate_raw(from.size_bytes());
  if (block == nullptr) {
    failed = true;
    return nullptr;
  }
  std::memcpy(block, from.data(), from.size_bytes());
  return static_cast<T*>(block);
}

void code_dealloc(gc::Header* header) {
  auto* self = static_cast<Code*>(header);
  if (self->weaklist != nullptr) clear_weak_references(self);
  xdecref(std::exchange(self->consts, nullptr));
  xdecref(std::exchange(self->names, nullptr));
  xdecref(std::exchange(self->local_names, nullptr));
  xdecref(std::exchange(self->filename, nullptr));
  xdecref(std::exchange(self->name, nullptr));
  xdecref(std::exchange(self->qualname, nullptr));
  for (void* block :
       {static_cast<void*>(self->instructions), static_cast<void*>(self->locations),
        static_cast<void*>(self->exceptions), static_cast<void*>(self->local_kinds)}) {
    if (block != nullptr) free_raw(block);
  }
  free_object(self);
}

}  // namespace

Result<Ref<Code>> make_code(ThreadState& ts, const CodeParts& parts) {
  ObjRef object = OURO_TRY(allocate_object(ts, ts.core.types.code, sizeof(Code)));
  auto self = Ref<Code>::steal(as<Code>(object.release()));
  self->flags = parts.flags;
  self->arg_count = parts.arg_count;
  self->posonly_count = parts.posonly_count;
  self->kwonly_count = parts.kwonly_count;
  self->local_count = static_cast<std::int32_t>(parts.local_names->size);
  self->variable_count = parts.variable_count;
  self->cell_count = parts.cell_count;
  self->free_count = parts.free_count;
  self->stack_size = parts.stack_size;
  self->first_line = parts.first_line;
  self->consts = parts.consts.new_ref().release();
  self->names = parts.names.new_ref().release();
  self->local_names = parts.local_names.new_ref().release();
  self->filename = parts.filename.new_ref().release();
  self->name = parts.name.new_ref().release();
  self->qualname = parts.qualname.new_ref().release();
  bool failed = false;
  self->instructions = copy_array(parts.instructions, failed);
  self->locations = copy_array(parts.locations, failed);
  self->exceptions = copy_array(parts.exceptions, failed);
  self->local_kinds = copy_array(parts.local_kinds, failed);
  if (failed) return raise_no_memory(ts);
  self->instruction_count = static_cast<std::uint32_t>(parts.instructions.size());
  self->location_count = static_cast<std::uint32_t>(parts.locations.size());
  self->exception_count = static_cast<std::uint32_t>(parts.exceptions.size());
  self->hash = hash_bytes(ts.core, parts.instructions.data(), parts.instructions.size_bytes());
  return self;
}

const CodeLocation* Code::location_of(std::uint32_t instruction) const {
  std::uint32_t low = 0;
  std::uint32_t high = location_count;
  while (low < high) {  // the last entry that starts at or before `instruction`
    const std::uint32_t middle = low + (high - low) / 2;
    if (locations[middle].start <= instruction) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low == 0 ? nullptr : &locations[low - 1];
}

namespace {

/// co_code, co_lines(), co_positions() and f_lasti count two bytes per instruction, as readers of
/// CPython 3.11 expect.
constexpr int kShownBytes = 2;

ObjResult code_repr(ThreadState& ts, Obj self) {
  const Code* code = as<Code>(self);
  char address[24];
  std::snprintf(address, sizeof address, "%p", static_cast<void*>(self.get()));
  const FormatArg shown[] = {FormatArg(code->name), FormatArg(address), FormatArg(code->filename),
                             FormatArg(code->first_line == 0 ? -1 : code->first_line)};
  return format_message(ts, "<code object {} at {}, file \"{}\", line {}>", shown);
}

Result<std::int64_t> code_hash(ThreadState& ts, Obj self) {
  const Code* code = as<Code>(self);
  const std::int64_t consts_hash = OURO_TRY(hash_of(ts, code->consts));
  std::uint64_t hash = static_cast<std::uint64_t>(str_hash(code->name) ^ consts_hash ^ code->hash);
  hash ^= static_cast<std::uint64_t>(code->arg_count ^ code->posonly_count ^ code->kwonly_count ^
                                     code->first_line);
  const auto result = static_cast<std::int64_t>(hash ^ code->flags);
  return result == -1 ? -2 : result;
}

/// Constants are the same only with the same types: 1, 1.0 and True differ here.
Result<bool> same_constant(ThreadState& ts, Obj a, Obj b) {
  if (a == b) return true;
  if (a->type() != b->type()) return false;
  if (is_exact_tuple(a)) {
    NativeDepth depth(ts, " in comparison");
    if (!depth.ok()) return Raised{};
    if (as<Tuple>(a)->size != as<Tuple>(b)->size) return false;
    for (std::int64_t i = 0; i < as<Tuple>(a)->size; ++i) {
      if (!OURO_TRY(same_constant(ts, as<Tuple>(a)->at(i), as<Tuple>(b)->at(i)))) return false;
    }
    return true;
  }
  // 0.0 and -0.0 are equal but not the same: their texts tell.
  if (is_exact_float(a) || is_kind(a, TypeKind::Complex)) {
    Ref<Str> first = OURO_TRY(repr_of(ts, a));
    Ref<Str> second = OURO_TRY(repr_of(ts, b));
    return str_equal(first, second);
  }
  return equals(ts, a, b);
}

Result<bool> same_code(ThreadState& ts, const Code* a, const Code* b) {
  if (a->hash != b->hash || a->arg_count != b->arg_count || a->posonly_count != b->posonly_count ||
      a->kwonly_count != b->kwonly_count || a->flags != b->flags ||
      a->first_line != b->first_line || a->instruction_count != b->instruction_count ||
      a->location_count != b->location_count || a->exception_count != b->exception_count ||
      a->local_count != b->local_count || !str_equal(a->name, b->name)) {
    return false;
  }
  const auto same_bytes = [](const void* x, const void* y, std::size_t bytes) {
    return bytes == 0 || std::memcmp(x, y, bytes) == 0;
  };
  if (!same_bytes(a->locations, b->locations, a->location_count * sizeof(CodeLocation)) ||
      !same_bytes(a->local_kinds, b->local_kinds, static_cast<std::size_t>(a->local_count))) {
    return false;
  }
  for (std::uint32_t i = 0; i < a->exception_count; ++i) {
    const ExceptionEntry& x = a->exceptions[i];
    const ExceptionEntry& y = b->exceptions[i];
    if (x.start != y.start || x.end != y.end || x.target != y.target || x.depth != y.depth ||
        x.push_lasti != y.push_lasti) {
      return false;
    }
  }
  if (!OURO_TRY(equals(ts, a->names, b->names)) ||
      !OURO_TRY(equals(ts, a->local_names, b->local_names)))
    return false;
  return same_constant(ts, a->consts, b->consts);
}

ObjResult code_compare(ThreadState& ts, Obj left, Obj right, CompareOp op) {
  const bool comparable = is_kind(left, TypeKind::Code) && is_kind(right, TypeKind::Code);
  if (!comparable || (op != CompareOp::Equal && op != CompareOp::NotEqual))
    return ts.core.not_implemented_ref();
  const bool equal = left == right || OURO_TRY(same_code(ts, as<Code>(left), as<Code>(right)));
  return ts.core.bool_ref(equal == (op == CompareOp::Equal));
}

// -- attributes
// ----------------------------------------------------------------------------------------------------

template <std::int32_t Code::*field>
ObjResult get_number(ThreadState& ts, Obj self) {
  return Int::from(ts, as<Code>(self)->*field);
}
template <auto field>
ObjResult get_object(ThreadState&, Obj self) {
  return ObjRef::share(as<Code>(self)->*field);
}
ObjResult get_flags(ThreadState& ts, Obj self) {
  return Int::from(ts, static_cast<std::int64_t>(as<Code>(self)->flags));
}

/// The names of locals, cells or free variables: those with the bit.
ObjResult names_of_kind(ThreadState& ts, Obj self, LocalKind kind) {
  const Code* code = as<Code>(self);
  const auto has_kind = [&](std::int32_t i) {
    return (code->local_kinds[i] & static_cast<std::uint8_t>(kind)) != 0;
  };
  std::int64_t count = 0;
  for (std::int32_t i = 0; i < code->local_count; ++i) count += has_kind(i);
  Ref<Tuple> result = OURO_TRY(Tuple::make(ts, count));
  if (count == 0) return result;
  std::int64_t next = 0;
  for (std::int32_t i = 0; i < code->local_count; ++i) {
    if (has_kind(i)) result->items[next++] = code->local_names->at(i).new_ref().release();
  }
  OURO_TRY(track(ts, Obj(result)));
  return result;
}
ObjResult get_variable_names(ThreadState& ts, Obj self) {
  return names_of_kind(ts, self, LocalKind::Local);
}
ObjResult get_cell_names(ThreadState& ts, Obj self) {
  return names_of_kind(ts, self, LocalKind::Cell);
}
ObjResult get_free_names(ThreadState& ts, Obj self) {
  return names_of_kind(ts, self, LocalKind::Free);
}

ObjResult get_code_bytes(ThreadState& ts, Obj self) {
  const Code* code = as<Code>(self);
  return Bytes::from(ts, {reinterpret_cast<const char*>(code->instructions),
                          code->instruction_count * sizeof(Instr)});
}
/// The tables as they are in memory: opaque to programs, as in CPython between versions.
ObjResult get_location_bytes(ThreadState& ts, Obj self) {
  const Code* code = as<Code>(self);
  return Bytes::from(ts, {reinterpret_cast<const char*>(code->locations),
                          code->location_count * sizeof(CodeLocation)});
}
ObjResult get_exception_bytes(ThreadState& ts, Obj self) {
  const Code* code = as<Code>(self);
  Ref<Bytes> result =
      OURO_TRY(Bytes::make(ts, static_cast<std::int64_t>(code->exception_count) * 20));
  char* to = result->data();
  for (std::uint32_t i = 0; i < code->exception_count; ++i) {
    const ExceptionEntry& entry = code->exceptions[i];
    const std::uint32_t words[] = {entry.start, entry.end, entry.target, entry.depth,
                                   entry.push_lasti};
    std::memcpy(to, words, sizeof words);
    to += sizeof words;
  }
  return result;
}

const GetSetDef kGetSets[] = {
    {"co_argcount", get_number<&Code::arg_count>, nullptr, nullptr, true},
    {"co_posonlyargcount", get_number<&Code::posonly_count>, nullptr, nullptr, true},
    {"co_kwonlyargcount", get_number<&Code::kwonly_count>, nullptr, nullptr, true},
    {"co_stacksize", get_number<&Code::stack_size>, nullptr, nullptr, true},
    {"co_flags", get_flags, nullptr, nullptr, true},
    {"co_nlocals", get_number<&Code::variable_count>, nullptr, nullptr},
    {"co_consts", get_object<&Code::consts>, nullptr, nullptr, true},
    {"co_names", get_object<&Code::names>, nullptr, nullptr, true},
    {"co_filename", get_object<&Code::filename>, nullptr, nullptr, true},
    {"co_name", get_object<&Code::name>, nullptr, nullptr, true},
    {"co_qualname", get_object<&Code::qualname>, nullptr, nullptr, true},
    {"co_firstlineno", get_number<&Code::first_line>, nullptr, nullptr, true},
    {"co_linetable", get_location_bytes, nullptr, nullptr, true},
    {"co_exceptiontable", get_exception_bytes, nullptr, nullptr, true},
    {"co_varnames", get_variable_names, nullptr, nullptr},
    {"co_cellvars", get_cell_names, nullptr, nullptr},
    {"co_freevars", get_free_names, nullptr, nullptr},
    {"co_code", get_code_bytes, nullptr, nullptr},
    {},
};

// -- methods
// -------------------------------------------------------------------------------------------------------

ObjResult number_or_none(ThreadState& ts, std::int32_t value) {
  if (value < 0) return ts.core.none_ref();
  return Int::from(ts, value);
}

/// Calls row(location, start, end) for each entry of the table; `end` is where the next one starts.
template <class Row>
Status each_location(const Code* code, Row row) {
  for (std::uint32_t i = 0; i < code->location_count; ++i) {
    const bool last = i + 1 == code->location_count;
    const std::uint32_t end = last ? code->instruction_count : code->locations[i + 1].start;
    OURO_TRY(row(code->locations[i], code->locations[i].start, end));
  }
  return kDone;
}

ObjResult co_lines(ThreadState& ts, Obj self, Args) {
  Ref<List> rows = OURO_TRY(List::create(ts));
  OURO_TRY(each_location(
      as<Code>(self),
      [&](const CodeLocation& at, std::uint32_t start, std::uint32_t end) -> Status {
        Ref<Int> first = OURO_TRY(Int::from(ts, static_cast<std::int64_t>(start) * kShownBytes));
        Ref<Int> last = OURO_TRY(Int::from(ts, static_cast<std::int64_t>(end) * kShownBytes));
        ObjRef line = OURO_TRY(number_or_none(ts, at.line));
        Ref<Tuple> row = OURO_TRY(Tuple::of(ts, first, last, line));
        return rows->append(ts, row);
      }));
  return iterate(ts, rows);
}

ObjResult co_positions(ThreadState& ts, Obj self, Args) {
  Ref<List> rows = OURO_TRY(List::create(ts, as<Code>(self)->instruction_count));
  OURO_TRY(each_location(
      as<Code>(self),
      [&](const CodeLocation& at, std::uint32_t start, std::uint32_t end) -> Status {
        ObjRef line = OURO_TRY(number_or_none(ts, at.line));
        ObjRef end_line = OURO_TRY(number_or_none(ts, at.end_line));
        ObjRef column = OURO_TRY(number_or_none(ts, at.column));
        ObjRef end_column = OURO_TRY(number_or_none(ts, at.end_column));
        for (std::uint32_t i = start; i < end; ++i) {
          Ref<Tuple> row = OURO_TRY(Tuple::of(ts, line, end_line, column, end_column));
          OURO_TRY(rows->append(ts, row));
        }
        return kDone;
      }));
  return iterate(ts, rows);
}

Status take_number(ThreadState& ts, Obj value, std::int32_t& out) {
  if (!value) return kDone;
  const std::int64_t number = OURO_TRY(index_as_int64(ts, value, ts.core.exceptions.OverflowError));
  if (number < 0) return raise_value_error(ts, "code: argument must not be negative");
  if (number > INT32_MAX) {
    return raise(ts, ts.core.exceptions.OverflowError, "signed integer is greater than maximum");
  }
  out = static_cast<std::int32_t>(number);
  return kDone;
}

Status take_text(ThreadState& ts, Obj value, const char* name, Borrowed<Str>& out) {
  if (!value) return kDone;
  if (!is_str(value))
    return raise_type_error(ts, "replace() argument '{}' must be str, not {n}", name, value);
  out = as<Str>(value);
  return kDone;
}

Status take_tuple(ThreadState& ts, Obj value, const char* name, Borrowed<Tuple>& out) {
  if (!value) return kDone;
  if (!is_tuple(value))
    return raise_type_error(ts, "replace() argument '{}' must be tuple, not {n}", name, value);
  out = as<Tuple>(value);
  return kDone;
}

/// A copy with some parts replaced. Instructions, names, tables and the layout of locals belong
/// together and stay: caches inside specialised instructions stand for the names they were filled
/// with.
ObjResult replace(ThreadState& ts, Obj self, Args args) {
  if (args.count != 0) {
    return raise_type_error(ts, "replace() takes 0 positional arguments but {} were given",
                            args.count);
  }
  Obj values[18];
  OURO_TRY(parse_args(ts, args, "replace",
                      {"*", "co_argcount", "co_posonlyargcount", "co_kwonlyargcount", "co_nlocals",
                       "co_stacksize", "co_flags", "co_firstlineno", "co_code", "co_consts",
                       "co_names", "co_varnames", "co_freevars", "co_cellvars", "co_filename",
                       "co_name", "co_qualname", "co_linetable", "co_exceptiontable"},
                      0, values));
  constexpr struct {
    int place;
    const char* name;
  } kFixed[] = {{3, "co_nlocals"},    {7, "co_code"},           {10, "co_varnames"},
                {11, "co_freevars"},  {9, "co_names"},          {12, "co_cellvars"},
                {16, "co_linetable"}, {17, "co_exceptiontable"}};
  for (const auto& fixed : kFixed) {
    if (values[fixed.place]) {
      return raise(ts, ts.core.exceptions.NotImplementedError, "code.replace() cannot replace {}",
                   fixed.name);
    }
  }
  const Code* code = as<Code>(self);
  std::int32_t flags = static_cast<std::int32_t>(code->flags);
  CodeParts parts;
  parts.arg_count = code->arg_count;
  parts.posonly_count = code->posonly_count;
  parts.kwonly_count = code->kwonly_count;
  parts.variable_count = code->variable_count;
  parts.cell_count = code->cell_count;
  parts.free_count = code->free_count;
  parts.stack_size = code->stack_size;
  parts.first_line = code->first_line;
  parts.instructions = {code->instructions, code->instruction_count};
  parts.locations = {code->locations, code->location_count};
  parts.exceptions = {code->exceptions, code->exception_count};
  parts.local_kinds = {code->local_kinds, static_cast<std::size_t>(code->local_count)};
  parts.consts = code->consts;
  parts.names = code->names;
  parts.local_names = code->local_names;
  parts.filename = code->filename;
  parts.name = code->name;
  parts.qualname = code->qualname;
  std::int32_t arg_counts[] = {parts.arg_count, parts.posonly_count, parts.kwonly_count};
  for (int i = 0; i < 3; ++i) {
    const std::int32_t before = arg_counts[i];
    OURO_TRY(take_number(ts, values[i], arg_counts[i]));
    if (arg_counts[i] != before) {
      return raise(ts, ts.core.exceptions.NotImplementedError,
                   "code.replace() cannot change the argument counts");
    }
  }
  std::int32_t stack_size = parts.stack_size;
  OURO_TRY(take_number(ts, values[4], stack_size));
  if (stack_size > parts.stack_size) parts.stack_size = stack_size;  // less would overrun the frame
  OURO_TRY(take_number(ts, values[5], flags));
  parts.flags = static_cast<std::uint32_t>(flags);
  OURO_TRY(take_number(ts, values[6], parts.first_line));
  OURO_TRY(take_tuple(ts, values[8], "co_consts", parts.consts));
  OURO_TRY(take_text(ts, values[13], "co_filename", parts.filename));
  OURO_TRY(take_text(ts, values[14], "co_name", parts.name));
  OURO_TRY(take_text(ts, values[15], "co_qualname", parts.qualname));
  if (parts.consts->size < code->consts->size) {
    return raise_value_error(ts, "code: co_consts may not become shorter");
  }
  // The evaluator trusts these: what the frame is like, and generators' ways of running.
  constexpr std::uint32_t kLayout =
      kOptimized | kNewLocals | kVarArgs | kVarKeywords | kGenerator | kCoroutine | kAsyncGenerator;
  if (((parts.flags ^ code->flags) & kLayout) != 0) {
    return raise(ts, ts.core.exceptions.NotImplementedError,
                 "code.replace() can change only the flags CO_NESTED, CO_ITERABLE_COROUTINE and "
                 "the future flags");
  }
  return make_code(ts, parts);
}

ObjResult variable_name(ThreadState& ts, Obj self, Args args) {
  const std::int64_t index =
      OURO_TRY(index_as_int64(ts, args[0], ts.core.exceptions.OverflowError));
  const Code* code = as<Code>(self);
  if (index < 0 || index >= code->local_count) {
    return raise(ts, ts.core.exceptions.IndexError, "tuple index out of range");
  }
  return code->local_names->at(index).new_ref();
}

ObjResult size_of(ThreadState& ts, Obj self, Args) {
  const Code* code = as<Code>(self);
  const std::size_t bytes = sizeof(Code) + code->instruction_count * sizeof(Instr) +
                            code->location_count * sizeof(CodeLocation) +
                            code->exception_count * sizeof(ExceptionEntry) +
                            static_cast<std::size_t>(code->local_count);
  return Int::from(ts, static_cast<std::int64_t>(bytes));
}

const MethodDef kMethods[] = {
    {"__sizeof__", size_of, 0, 0, MethodDef::kNone, nullptr},
    {"co_lines", co_lines, 0, 0, MethodDef::kNone, nullptr},
    {"co_positions", co_positions, 0, 0, MethodDef::kNone, nullptr},
    {"replace", replace, 0, -1, MethodDef::kKeywords, nullptr},
    {"_varname_from_oparg", variable_name, 1, 1, MethodDef::kNone, nullptr},
    {},
};

}  // namespace

void init_code_type(ThreadState&, Type& type) {
  // Not collected, so only the labelled walk of pictures and snapshots is needed.
  type.info.describe = gc::EdgeFunctions<Code>::describe;
  type.info.basic_bytes = sizeof(Code);
  type.info.dealloc = code_dealloc;
  type.info.weaklist_offset = offsetof(Code, weaklist);
  type.repr = code_repr;
  type.hash = code_hash;
  type.compare = code_compare;
  type.get_attribute = generic_get_attribute;
  type.getsets = kGetSets;
  type.methods = kMethods;
  type.doc =
      "code(argcount, posonlyargcount, kwonlyargcount, nlocals, stacksize,\n      flags, "
      "codestring, constants, names, "
      "varnames, filename, name,\n      qualname, firstlineno, linetable, exceptiontable, "
      "freevars=(),\n      cellvars=(), "
      "/)\n--\n\nCreate a code object.  Not for mere mortals.";
}

}  // namespace ouro
