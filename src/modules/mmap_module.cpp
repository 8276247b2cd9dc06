// Module mmap: files and memory mapped into the address space.
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "modules/library_support.h"
#include "modules/native_modules.h"
#include "modules/sys_module.h"
#include "objects/range.h"

namespace ouro {

namespace {

enum class Access : int { Default, Read, Write, Copy };

struct Mapping : Object {
  char* data;  // null when closed
  std::int64_t size;
  std::int64_t position;
  std::int64_t offset;  // in the file
  int descriptor;       // a duplicate of what was given, or -1
  Access access;
  std::int32_t exports;  // buffers in use: neither close nor resize
  gc::WeakReference* weaklist;
};

Mapping* mapping_of(Obj object) { return as<Mapping>(object); }

void unmap(Mapping* self) {
  if (self->data != nullptr)
    munmap(std::exchange(self->data, nullptr), static_cast<std::size_t>(self->size));
  if (self->descriptor >= 0) close(std::exchange(self->descriptor, -1));
}

void dealloc(gc::Header* header) {
  auto* self = static_cast<Mapping*>(header);
  if (self->weaklist != nullptr) clear_weak_references(self);
  unmap(self);
  free_object(self);
}

Status check_open(ThreadState& ts, Mapping* self) {
  if (self->data != nullptr) return kDone;
  return raise_value_error(ts, "mmap closed or invalid");
}

Status check_writable(ThreadState& ts, Mapping* self) {
  if (self->access != Access::Read) return kDone;
  return raise_type_error(ts, "mmap can't modify a readonly memory map.");
}

Status check_resizable(ThreadState& ts, Mapping* self) {
  if (self->exports > 0) {
    return raise(ts, ts.core.exceptions.BufferError,
                 "mmap can't resize with extant buffers exported.");
  }
  if (self->access == Access::Write || self->access == Access::Default) return kDone;
  return raise_type_error(ts, "mmap can't resize a readonly or copy-on-write memory map.");
}

Result<std::int64_t> size_argument(ThreadState& ts, Obj value) {
  return index_as_int64(ts, value, ts.core.exceptions.OverflowError);
}

// -- making ---------------------------------------------------------------------------------------

/// How the system is asked for the access wanted.
Status choose_protection(ThreadState& ts, Access& access, bool given, int& flags, int& protection) {
  switch (access) {
    case Access::Read:
      flags = MAP_SHARED;
      protection = PROT_READ;
      return kDone;
    case Access::Write:
      flags = MAP_SHARED;
      protection = PROT_READ | PROT_WRITE;
      return kDone;
    case Access::Copy:
      flags = MAP_PRIVATE;
      protection = PROT_READ | PROT_WRITE;
      return kDone;
    case Access::Default:
      if (given) {
        if ((protection & PROT_READ) != 0 && (protection & PROT_WRITE) == 0) access = Access::Read;
        if ((protection & PROT_READ) == 0 && (protection & PROT_WRITE) != 0) access = Access::Write;
      }
      return kDone;
  }
  return raise_value_error(ts, "mmap invalid access parameter.");
}

ObjResult make(ThreadState& ts, Borrowed<Type> type, Args args) {
  Obj values[6];
  OURO_TRY(parse_args(ts, args, "mmap", {"fileno", "length", "flags", "prot", "access", "offset"},
                      2, values));
  int descriptor = OURO_TRY(c_int(ts, values[0]));
  std::int64_t size = OURO_TRY(size_argument(ts, values[1]));
  int flags = OURO_TRY(c_int_or(ts, values[2], MAP_SHARED));
  int protection = OURO_TRY(c_int_or(ts, values[3], PROT_READ | PROT_WRITE));
  auto access = static_cast<Access>(OURO_TRY(c_int_or(ts, values[4], 0)));
  const std::int64_t offset = OURO_TRY(c_size_or(ts, values[5], 0));
  if (size < 0)
    return raise(ts, ts.core.exceptions.OverflowError, "memory mapped length must be positive");
  if (offset < 0)
    return raise(ts, ts.core.exceptions.OverflowError, "memory mapped offset must be positive");
  if (access != Access::Default && (values[2] || values[3])) {
    return raise_value_error(ts, "mmap can't specify both access and flags, prot.");
  }
  OURO_TRY(choose_protection(ts, access, values[3] || values[2], flags, protection));
  Ref<Int> shown[4] = {OURO_TRY(Int::from(ts, descriptor)), OURO_TRY(Int::from(ts, size)),
                       OURO_TRY(Int::from(ts, static_cast<int>(access))),
                       OURO_TRY(Int::from(ts, offset))};
  Object* facts[] = {shown[0].get(), shown[1].get(), shown[2].get(), shown[3].get()};
  OURO_TRY(audit(ts, "mmap.__new__", facts));
  struct stat status = {};
  if (descriptor != -1 && fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode)) {
    if (size == 0) {
      if (status.st_size == 0) return raise_value_error(ts, "cannot mmap an empty file");
      if (offset >= status.st_size)
        return raise_value_error(ts, "mmap offset is greater than file size");
      size = status.st_size - offset;
    } else if (offset > status.st_size || status.st_size - offset < size) {
      return raise_value_error(ts, "mmap length is greater than file size");
    }
  }
  Ref<Mapping> made = OURO_TRY(new_object<Mapping>(ts, type, type->info.basic_bytes));
  made->descriptor = -1;
  made->size = size;
  made->offset = offset;
  made->access = access;
  if (descriptor == -1) {
    flags |= MAP_ANONYMOUS;
  } else {
    made->descriptor = fcntl(descriptor, F_DUPFD_CLOEXEC, 0);
    if (made->descriptor < 0) return raise_os_error(ts, errno);
  }
  void* mapped =
      mmap(nullptr, static_cast<std::size_t>(size), protection, flags, descriptor, offset);
  if (mapped == MAP_FAILED) return raise_os_error(ts, errno);
  made->data = static_cast<char*>(mapped);
  return made;
}

// -- as a file ------------------------------------------------------------------------------------

ObjResult close_method(ThreadState& ts, Obj object, Args) {
  if (mapping_of(object)->exports > 0) {
    return raise(ts, ts.core.exceptions.BufferError, "cannot close exported pointers exist");
  }
  unmap(mapping_of(object));
  return ts.core.none_ref();
}

std::string_view take(Mapping* self, std::int64_t count) {
  const std::int64_t left = self->position < self->size ? self->size - self->position : 0;
  if (count < 0 || count > left) count = left;
  const std::string_view taken(self->data + self->position, static_cast<std::size_t>(count));
  self->position += count;
  return taken;
}

ObjResult read(ThreadState& ts, Obj object, Args args) {
  auto* self = mapping_of(object);
  OURO_TRY(check_open(ts, self));
  std::int64_t count = -1;
  if (args.size() > 0 && !is_none(args[0])) {
    if (!has_index(args[0])) {
      return raise_type_error(ts, "argument should be integer or None, not '{t}'", args[0]);
    }
    count = OURO_TRY(size_argument(ts, args[0]));
  }
  OURO_TRY(check_open(ts, self));
  return Bytes::from(ts, take(self, count));
}

ObjResult read_byte(ThreadState& ts, Obj object, Args) {
  auto* self = mapping_of(object);
  OURO_TRY(check_open(ts, self));
  if (self->position >= self->size) return raise_value_error(ts, "read byte out of range");
  return Int::from(ts, static_cast<unsigned char>(take(self, 1)[0]));
}

ObjResult read_line(ThreadState& ts, Obj object, Args) {
  auto* self = mapping_of(object);
  OURO_TRY(check_open(ts, self));
  const std::int64_t left = self->position < self->size ? self->size - self->position : 0;
  if (left == 0) return Bytes::from(ts, "");
  const void* end = std::memchr(self->data + self->position, '\n', static_cast<std::size_t>(left));
  const std::int64_t count =
      end == nullptr ? left : static_cast<const char*>(end) - (self->data + self->position) + 1;
  return Bytes::from(ts, take(self, count));
}

ObjResult write(ThreadState& ts, Obj object, Args args) {
  auto* self = mapping_of(object);
  OURO_TRY(check_open(ts, self));
  BufferView data;
  OURO_TRY(data.acquire(ts, args[0]));
  OURO_TRY(check_writable(ts, self));
  const auto count = static_cast<std::int64_t>(data.size());
  if (self->position > self->size || self->size - self->position < count) {
    return raise_value_error(ts, "data out of range");
  }
  OURO_TRY(check_open(ts, self));
  std::memmove(self->data + self->position, data.data(), data.size());
  self->position += count;
  return Int::from(ts, count);
}

ObjResult write_byte(ThreadState& ts, Obj object, Args args) {
  auto* self = mapping_of(object);
  OURO_TRY(check_open(ts, self));
  const std::int64_t byte = OURO_TRY(size_argument(ts, args[0]));
  if (byte < 0 || byte > 255) {
    return raise(ts, ts.core.exceptions.OverflowError, "unsigned byte integer is {} than {}imum",
                 byte < 0 ? "less" : "greater", byte < 0 ? "min" : "max");
  }
  OURO_TRY(check_writable(ts, self));
  OURO_TRY(check_open(ts, self));
  if (self->position >= self->size) return raise_value_error(ts, "write byte out of range");
  self->data[self->position++] = static_cast<char>(byte);
  return ts.core.none_ref();
}

ObjResult seek(ThreadState& ts, Obj object, Args args) {
  auto* self = mapping_of(object);
  const std::int64_t distance = OURO_TRY(size_argument(ts, args[0]));
  const int whence = args.size() > 1 ? OURO_TRY(c_int(ts, args[1])) : 0;
  OURO_TRY(check_open(ts, self));
  std::int64_t start = 0;
  switch (whence) {
    case SEEK_SET:
      break;
    case SEEK_CUR:
      start = self->position;
      break;
    case SEEK_END:
      start = self->size;
      break;
    default:
      return raise_value_error(ts, "unknown seek type");
  }
  std::int64_t target = 0;
  if (__builtin_add_overflow(start, distance, &target) || target < 0 || target > self->size) {
    return raise_value_error(ts, "seek out of range");
  }
  self->position = target;
  return ts.core.none_ref();
}

ObjResult tell(ThreadState& ts, Obj object, Args) {
  OURO_TRY(check_open(ts, mapping_of(object)));
  return Int::from(ts, mapping_of(object)->position);
}

ObjResult size_method(ThreadState& ts, Obj object, Args) {
  auto* self = mapping_of(object);
  OURO_TRY(check_open(ts, self));
  if (self->descriptor < 0) return Int::from(ts, self->size);
  struct stat status = {};
  if (fstat(self->descriptor, &status) < 0) return raise_os_error(ts, errno);
  return Int::from(ts, status.st_size);
}

ObjResult resize(ThreadState& ts, Obj object, Args args) {
  auto* self = mapping_of(object);
  OURO_TRY(check_open(ts, self));
  const std::int64_t size = OURO_TRY(size_argument(ts, args[0]));
  OURO_TRY(check_resizable(ts, self));
  if (size < 0 || INT64_MAX - size < self->offset)
    return raise_value_error(ts, "new size out of range");
  if (self->descriptor >= 0 && ftruncate(self->descriptor, self->offset + size) < 0) {
    return raise_os_error(ts, errno);
  }
  void* moved = mremap(self->data, static_cast<std::size_t>(self->size),
                       static_cast<std::size_t>(size), MREMAP_MAYMOVE);
  if (moved == MAP_FAILED) return raise_os_error(ts, errno);
  self->data = static_cast<char*>(moved);
  self->size = size;
  return ts.core.none_ref();
}

ObjResult flush(ThreadState& ts, Obj object, Args args) {
  auto* self = mapping_of(object);
  const std::int64_t offset = args.size() > 0 ? OURO_TRY(size_argument(ts, args[0])) : 0;
  const std::int64_t size = args.size() > 1 ? OURO_TRY(size_argument(ts, args[1])) : self->size;
  OURO_TRY(check_open(ts, self));
  if (size < 0 || offset < 0 || self->size - offset < size) {
    return raise_value_error(ts, "flush values out of range");
  }
  if (self->access == Access::Read || self->access == Access::Copy) return ts.core.none_ref();
  if (msync(self->data + offset, static_cast<std::size_t>(size), MS_SYNC) < 0) {
    return raise_os_error(ts, errno);
  }
  return ts.core.none_ref();
}

ObjResult move(ThreadState& ts, Obj object, Args args) {
  auto* self = mapping_of(object);
  std::int64_t numbers[3];
  for (std::uint32_t i = 0; i < 3; ++i) numbers[i] = OURO_TRY(size_argument(ts, args[i]));
  OURO_TRY(check_open(ts, self));
  OURO_TRY(check_writable(ts, self));
  const auto [to, from, count] = numbers;
  if (to < 0 || from < 0 || count < 0 || self->size - to < count || self->size - from < count) {
    return raise_value_error(ts, "source, destination, or count out of range");
  }
  std::memmove(self->data + to, self->data + from, static_cast<std::size_t>(count));
  return ts.core.none_ref();
}

ObjResult advise(ThreadState& ts, Obj object, Args args) {
  auto* self = mapping_of(object);
  const int option = OURO_TRY(c_int(ts, args[0]));
  const std::int64_t start = args.size() > 1 ? OURO_TRY(size_argument(ts, args[1])) : 0;
  std::int64_t length = args.size() > 2 ? OURO_TRY(size_argument(ts, args[2])) : self->size;
  OURO_TRY(check_open(ts, self));
  if (start < 0 || start >= self->size) return raise_value_error(ts, "madvise start out of bounds");
  if (length < 0) return raise_value_error(ts, "madvise length invalid");
  if (INT64_MAX - start < length) {
    return raise(ts, ts.core.exceptions.OverflowError, "madvise length too large");
  }
  length = std::min(length, self->size - start);
  if (madvise(self->data + start, static_cast<std::size_t>(length), option) != 0) {
    return raise_os_error(ts, errno);
  }
  return ts.core.none_ref();
}

// -- searching ------------------------------------------------------------------------------------

template <bool Backwards>
ObjResult find(ThreadState& ts, Obj object, Args args) {
  auto* self = mapping_of(object);
  OURO_TRY(check_open(ts, self));
  BufferView wanted;
  OURO_TRY(wanted.acquire(ts, args[0]));
  std::int64_t start = args.size() > 1 ? OURO_TRY(size_argument(ts, args[1])) : self->position;
  std::int64_t end = args.size() > 2 ? OURO_TRY(size_argument(ts, args[2])) : self->size;
  OURO_TRY(check_open(ts, self));
  const auto clip = [&](std::int64_t at) {
    if (at < 0) at += self->size;
    return std::clamp<std::int64_t>(at, 0, self->size);
  };
  start = clip(start);
  end = clip(end);
  if (end < start) return Int::from(ts, -1);
  const std::string_view text(self->data + start, static_cast<std::size_t>(end - start));
  const std::size_t found = Backwards ? text.rfind(wanted.view()) : text.find(wanted.view());
  return Int::from(ts,
                   found == std::string_view::npos ? -1 : start + static_cast<std::int64_t>(found));
}

// -- as a sequence --------------------------------------------------------------------------------

Result<std::int64_t> length(ThreadState& ts, Obj object) {
  OURO_TRY(check_open(ts, mapping_of(object)));
  return mapping_of(object)->size;
}

Result<std::int64_t> index_of(ThreadState& ts, Mapping* self, Obj key) {
  std::int64_t index = OURO_TRY(subscript_index(ts, key));
  OURO_TRY(check_open(ts, self));
  if (index < 0) index += self->size;
  if (index < 0 || index >= self->size) {
    return raise(ts, ts.core.exceptions.IndexError, "mmap index out of range");
  }
  return index;
}

ObjResult item(ThreadState& ts, Obj object, std::int64_t index) {
  auto* self = mapping_of(object);
  OURO_TRY(check_open(ts, self));
  if (index < 0 || index >= self->size) {
    return raise(ts, ts.core.exceptions.IndexError, "mmap index out of range");
  }
  return Bytes::from(ts, {self->data + index, 1});
}

ObjResult subscript(ThreadState& ts, Obj object, Obj key) {
  auto* self = mapping_of(object);
  OURO_TRY(check_open(ts, self));
  if (has_index(key)) {
    const std::int64_t index = OURO_TRY(index_of(ts, self, key));
    return Int::from(ts, static_cast<unsigned char>(self->data[index]));
  }
  if (!is_kind(key, TypeKind::Slice)) return raise_type_error(ts, "mmap indices must be integers");
  const SliceIndices raw = OURO_TRY(slice_unpack(ts, as<Slice>(key)));
  OURO_TRY(check_open(ts, self));
  const SliceIndices at = slice_adjust(raw, self->size);
  if (at.count <= 0) return Bytes::from(ts, "");
  if (at.step == 1)
    return Bytes::from(ts, {self->data + at.start, static_cast<std::size_t>(at.count)});
  Ref<Bytes> some = OURO_TRY(Bytes::make(ts, at.count));
  for (std::int64_t i = 0; i < at.count; ++i) some->data()[i] = self->data[at.start + i * at.step];
  return some;
}

Status set_slice(ThreadState& ts, Mapping* self, Borrowed<Slice> slice, Obj value) {
  const SliceIndices raw = OURO_TRY(slice_unpack(ts, slice));
  BufferView data;
  OURO_TRY(data.acquire(ts, value));
  OURO_TRY(check_open(ts, self));
  const SliceIndices at = slice_adjust(raw, self->size);
  const std::int64_t count = std::max<std::int64_t>(at.count, 0);
  if (static_cast<std::int64_t>(data.size()) != count) {
    return raise(ts, ts.core.exceptions.IndexError, "mmap slice assignment is wrong size");
  }
  for (std::int64_t i = 0; i < count; ++i) self->data[at.start + i * at.step] = data.data()[i];
  return kDone;
}

Status set_subscript(ThreadState& ts, Obj object, Obj key, Obj value) {
  auto* self = mapping_of(object);
  OURO_TRY(check_open(ts, self));
  OURO_TRY(check_writable(ts, self));
  if (!value) return raise_type_error(ts, "mmap object doesn't support item deletion");
  if (is_kind(key, TypeKind::Slice)) return set_slice(ts, self, as<Slice>(key), value);
  if (!has_index(key)) return raise_type_error(ts, "mmap indices must be integers");
  const std::int64_t index = OURO_TRY(index_of(ts, self, key));
  if (!has_index(value)) return raise_type_error(ts, "mmap item value must be an int");
  const std::int64_t byte = OURO_TRY(index_as_int64(ts, value, ts.core.exceptions.TypeError));
  if (byte < 0 || byte > 255) {
    return raise_value_error(ts, "mmap item value must be in range(0, 256)");
  }
  OURO_TRY(check_open(ts, self));
  self->data[index] = static_cast<char>(byte);
  return kDone;
}

Status export_memory(ThreadState& ts, Obj object, ExportedMemory& memory) {
  auto* self = mapping_of(object);
  OURO_TRY(check_open(ts, self));
  memory = {self->data, self->size, 1, {'B', '\0', '\0'}, self->access == Access::Read};
  ++self->exports;
  return kDone;
}
void release_memory(Obj object) { --mapping_of(object)->exports; }
constexpr BufferSlots kBuffer = {export_memory, release_memory};

ObjResult enter(ThreadState& ts, Obj object, Args) {
  OURO_TRY(check_open(ts, mapping_of(object)));
  return object.new_ref();
}

ObjResult repr(ThreadState& ts, Obj object) {
  auto* self = mapping_of(object);
  constexpr const char* kNames[] = {"ACCESS_DEFAULT", "ACCESS_READ", "ACCESS_WRITE", "ACCESS_COPY"};
  const char* access = kNames[static_cast<int>(self->access)];
  if (self->data == nullptr) {
    const FormatArg parts[] = {type_name(object)};
    return format_message(ts, "<{} closed=True>", parts);
  }
  const FormatArg parts[] = {type_name(object), access, self->size, self->position, self->offset};
  return format_message(ts, "<{} closed=False, access={}, length={}, pos={}, offset={}>", parts);
}

ObjResult get_closed(ThreadState& ts, Obj object) {
  return ts.core.bool_ref(mapping_of(object)->data == nullptr);
}

constexpr MethodDef kMethods[] = {
    {"close", close_method, 0, 0, MethodDef::kNone, nullptr},
    {"find", find<false>, 1, 3, MethodDef::kNone, nullptr},
    {"rfind", find<true>, 1, 3, MethodDef::kNone, nullptr},
    {"flush", flush, 0, 2, MethodDef::kNone, nullptr},
    {"madvise", advise, 1, 3, MethodDef::kNone, nullptr},
    {"move", move, 3, 3, MethodDef::kNone, nullptr},
    {"read", read, 0, 1, MethodDef::kNone, nullptr},
    {"read_byte", read_byte, 0, 0, MethodDef::kNone, nullptr},
    {"readline", read_line, 0, 0, MethodDef::kNone, nullptr},
    {"resize", resize, 1, 1, MethodDef::kNone, nullptr},
    {"seek", seek, 1, 2, MethodDef::kNone, nullptr},
    {"size", size_method, 0, 0, MethodDef::kNone, nullptr},
    {"tell", tell, 0, 0, MethodDef::kNone, nullptr},
    {"write", write, 1, 1, MethodDef::kNone, nullptr},
    {"write_byte", write_byte, 1, 1, MethodDef::kNone, nullptr},
    {"__enter__", enter, 0, 0, MethodDef::kNone, nullptr},
    {"__exit__", close_method, 0, -1, MethodDef::kNone, nullptr},
    {nullptr, nullptr, 0, 0, MethodDef::kNone, nullptr},
};

constexpr GetSetDef kGetSets[] = {
    {"closed", get_closed, nullptr, nullptr},
    {nullptr, nullptr, nullptr, nullptr},
};

void fill(Type& type) {
  type.info.basic_bytes = sizeof(Mapping);
  type.info.flags |= kBaseType;
  type.info.dealloc = dealloc;
  type.info.weaklist_offset = offsetof(Mapping, weaklist);
  type.make = make;
  type.repr = repr;
  type.sequence.length = length;
  type.sequence.item = item;
  type.mapping.length = length;
  type.mapping.subscript = subscript;
  type.mapping.set_subscript = set_subscript;
  type.buffer = &kBuffer;
  type.methods = kMethods;
  type.getsets = kGetSets;
}

#define OURO_MMAP(name) \
  { #name, name }
constexpr std::pair<const char*, int> kConstants[] = {
    OURO_MMAP(PROT_EXEC),
    OURO_MMAP(PROT_READ),
    OURO_MMAP(PROT_WRITE),
    OURO_MMAP(MAP_SHARED),
    OURO_MMAP(MAP_PRIVATE),
    OURO_MMAP(MAP_DENYWRITE),
    OURO_MMAP(MAP_EXECUTABLE),
    OURO_MMAP(MAP_ANONYMOUS),
    OURO_MMAP(MAP_ANON),
    OURO_MMAP(MAP_POPULATE),
    OURO_MMAP(MAP_STACK),
    OURO_MMAP(MAP_NORESERVE),
    OURO_MMAP(MADV_NORMAL),
    OURO_MMAP(MADV_RANDOM),
    OURO_MMAP(MADV_SEQUENTIAL),
    OURO_MMAP(MADV_WILLNEED),
    OURO_MMAP(MADV_DONTNEED),
    OURO_MMAP(MADV_REMOVE),
    OURO_MMAP(MADV_DONTFORK),
    OURO_MMAP(MADV_DOFORK),
    OURO_MMAP(MADV_HWPOISON),
    OURO_MMAP(MADV_MERGEABLE),
    OURO_MMAP(MADV_UNMERGEABLE),
    OURO_MMAP(MADV_HUGEPAGE),
    OURO_MMAP(MADV_NOHUGEPAGE),
    OURO_MMAP(MADV_DONTDUMP),
    OURO_MMAP(MADV_DODUMP),
    OURO_MMAP(MADV_FREE),
    {"ACCESS_DEFAULT", static_cast<int>(Access::Default)},
    {"ACCESS_READ", static_cast<int>(Access::Read)},
    {"ACCESS_WRITE", static_cast<int>(Access::Write)},
    {"ACCESS_COPY", static_cast<int>(Access::Copy)},
};
#undef OURO_MMAP

}  // namespace

Result<Ref<Module>> create_mmap_module(ThreadState& ts) {
  Ref<Module> module = OURO_TRY(Module::create(ts, "mmap"));
  OURO_TRY(dict_set(ts, module->dict, "error", Obj(ts.core.exceptions.OSError)));
  OURO_TRY(add_native_type(ts, module, {"mmap", "mmap", sizeof(Mapping), 0, 0, fill, nullptr}));
  for (const auto& [name, value] : kConstants) OURO_TRY(add_constant(ts, module, name, value));
  const long page = sysconf(_SC_PAGESIZE);
  OURO_TRY(add_constant(ts, module, "PAGESIZE", page));
  OURO_TRY(add_constant(ts, module, "ALLOCATIONGRANULARITY", page));
  return module;
}

}  // namespace ouro
