// Module posix: input and output in several pieces, copies inside the kernel, terminals.
#include <fcntl.h>
#include <limits.h>
#include <pty.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/uio.h>
#include <termios.h>
#include <unistd.h>
#include <utmp.h>

#include "modules/library_support.h"
#include "modules/posix_support.h"

namespace ouro {

namespace {

ObjResult none_or_error(ThreadState& ts, int result) {
  if (result < 0) return raise_os_error(ts, errno);
  return ts.core.none_ref();
}
ObjResult size_or_error(ThreadState& ts, ssize_t result) {
  if (result < 0) return raise_os_error(ts, errno);
  return Int::from(ts, result);
}
Result<std::int64_t> offset_argument(ThreadState& ts, Obj value) {
  return index_as_int64(ts, value, ts.core.exceptions.OverflowError);
}

/// The memory of a sequence of buffers, held while this lives.
class Pieces {
 public:
  ~Pieces() {
    for (std::size_t i = 0; i < count_; ++i) views_[i].~BufferView();
    free_raw(views_);
    free_raw(vectors_);
  }
  Status take(ThreadState& ts, Obj sequence, const char* function, bool writable) {
    if (sequence->type()->sequence.item == nullptr) {
      return raise_type_error(ts, "{}() arg 2 must be a sequence", function);
    }
    held_ = OURO_TRY(sequence_fast(ts, sequence, "the buffers must be a sequence"));
    const std::size_t wanted = fast_items(held_).size();
    views_ = static_cast<BufferView*>(allocate_raw((wanted + 1) * sizeof(BufferView)));
    vectors_ = static_cast<iovec*>(allocate_raw((wanted + 1) * sizeof(iovec)));
    if (views_ == nullptr || vectors_ == nullptr) return raise_no_memory(ts);
    while (count_ < wanted && count_ < fast_items(held_).size()) {
      ObjRef item = ObjRef::share(fast_items(held_)[count_]);
      BufferView* view = new (&views_[count_]) BufferView();
      ++count_;
      OURO_TRY(view->acquire(ts, item, writable));
      vectors_[count_ - 1] = {view->data(), view->size()};
    }
    return kDone;
  }
  [[nodiscard]] const iovec* vectors() const { return vectors_; }
  [[nodiscard]] int count() const { return static_cast<int>(count_); }

 private:
  ObjRef held_;
  BufferView* views_ = nullptr;
  iovec* vectors_ = nullptr;
  std::size_t count_ = 0;
};

/// A call that may block, without the interpreter's lock: the pieces are held meanwhile.
template <class Act>
ObjResult transfer(ThreadState& ts, Act act) {
  return size_or_error(ts, OURO_TRY(blocking_call(ts, act)));
}

ObjResult posix_readv(ThreadState& ts, Obj, Args args) {
  const int descriptor = OURO_TRY(c_int(ts, args[0]));
  Pieces pieces;
  OURO_TRY(pieces.take(ts, args[1], "readv", true));
  return transfer(ts, [&] { return readv(descriptor, pieces.vectors(), pieces.count()); });
}

ObjResult posix_writev(ThreadState& ts, Obj, Args args) {
  const int descriptor = OURO_TRY(c_int(ts, args[0]));
  Pieces pieces;
  OURO_TRY(pieces.take(ts, args[1], "writev", false));
  return transfer(ts, [&] { return writev(descriptor, pieces.vectors(), pieces.count()); });
}

ObjResult posix_preadv(ThreadState& ts, Obj, Args args) {
  const int descriptor = OURO_TRY(c_int(ts, args[0]));
  Pieces pieces;
  OURO_TRY(pieces.take(ts, args[1], "preadv", true));
  const std::int64_t offset = OURO_TRY(offset_argument(ts, args[2]));
  const int flags = args.size() > 3 ? OURO_TRY(c_int(ts, args[3])) : 0;
  return transfer(
      ts, [&] { return preadv2(descriptor, pieces.vectors(), pieces.count(), offset, flags); });
}

ObjResult posix_pwritev(ThreadState& ts, Obj, Args args) {
  const int descriptor = OURO_TRY(c_int(ts, args[0]));
  Pieces pieces;
  OURO_TRY(pieces.take(ts, args[1], "pwritev", false));
  const std::int64_t offset = OURO_TRY(offset_argument(ts, args[2]));
  const int flags = args.size() > 3 ? OURO_TRY(c_int(ts, args[3])) : 0;
  return transfer(
      ts, [&] { return pwritev2(descriptor, pieces.vectors(), pieces.count(), offset, flags); });
}

// -- copies inside the kernel ---------------------------------------------------------------------

ObjResult posix_sendfile(ThreadState& ts, Obj, Args args) {
  Obj values[4];
  OURO_TRY(parse_args(ts, args, "sendfile", {"out_fd", "in_fd", "offset", "count"}, 4, values));
  const int out = OURO_TRY(c_int(ts, values[0]));
  const int in = OURO_TRY(c_int(ts, values[1]));
  const std::int64_t count = OURO_TRY(offset_argument(ts, values[3]));
  const auto bytes = static_cast<std::size_t>(count);
  if (is_none(values[2])) {
    return transfer(ts, [&] { return sendfile(out, in, nullptr, bytes); });
  }
  off_t offset = OURO_TRY(offset_argument(ts, values[2]));
  return transfer(ts, [&] { return sendfile(out, in, &offset, bytes); });
}

ObjResult posix_copy_file_range(ThreadState& ts, Obj, Args args) {
  Obj values[5];
  OURO_TRY(parse_args(ts, args, "copy_file_range",
                      {"src", "dst", "count", "offset_src", "offset_dst"}, 3, values));
  const int from = OURO_TRY(c_int(ts, values[0]));
  const int to = OURO_TRY(c_int(ts, values[1]));
  const std::int64_t count = OURO_TRY(offset_argument(ts, values[2]));
  if (count < 0) return raise_value_error(ts, "negative value for 'count' not allowed");
  off_t offsets[2] = {0, 0};
  off_t* places[2] = {nullptr, nullptr};
  for (std::size_t i = 0; i < 2; ++i) {
    if (!values[3 + i] || is_none(values[3 + i])) continue;
    offsets[i] = OURO_TRY(offset_argument(ts, values[3 + i]));
    places[i] = &offsets[i];
  }
  return transfer(ts, [&] {
    return copy_file_range(from, places[0], to, places[1], static_cast<std::size_t>(count), 0);
  });
}

ObjResult posix_fadvise_function(ThreadState& ts, Obj, Args args) {
  const int descriptor = OURO_TRY(c_int(ts, args[0]));
  const std::int64_t offset = OURO_TRY(offset_argument(ts, args[1]));
  const std::int64_t length = OURO_TRY(offset_argument(ts, args[2]));
  const int advice = OURO_TRY(c_int(ts, args[3]));
  const int error = posix_fadvise(descriptor, offset, length, advice);
  if (error != 0) return raise_os_error(ts, error);
  return ts.core.none_ref();
}

ObjResult posix_fallocate_function(ThreadState& ts, Obj, Args args) {
  const int descriptor = OURO_TRY(c_int(ts, args[0]));
  const std::int64_t offset = OURO_TRY(offset_argument(ts, args[1]));
  const std::int64_t length = OURO_TRY(offset_argument(ts, args[2]));
  const int error = posix_fallocate(descriptor, offset, length);
  if (error != 0) return raise_os_error(ts, error);
  return ts.core.none_ref();
}

ObjResult posix_lockf(ThreadState& ts, Obj, Args args) {
  const int descriptor = OURO_TRY(c_int(ts, args[0]));
  const int command = OURO_TRY(c_int(ts, args[1]));
  const std::int64_t length = OURO_TRY(offset_argument(ts, args[2]));
  return none_or_error(ts, lockf(descriptor, command, length));
}

ObjResult posix_memfd_create(ThreadState& ts, Obj, Args args) {
  Obj values[2];
  OURO_TRY(parse_args(ts, args, "memfd_create", {"name", "flags"}, 1, values));
  PathArgument name;
  OURO_TRY(name.take(ts, values[0], "memfd_create"));
  const unsigned flags = values[1] ? static_cast<unsigned>(OURO_TRY(c_unsigned_bits(ts, values[1])))
                                   : static_cast<unsigned>(MFD_CLOEXEC);
  return size_or_error(ts, memfd_create(name.text(), flags));
}

ObjResult posix_eventfd(ThreadState& ts, Obj, Args args) {
  Obj values[2];
  OURO_TRY(parse_args(ts, args, "eventfd", {"initval", "flags"}, 1, values));
  const auto initial = static_cast<unsigned>(OURO_TRY(c_unsigned_bits(ts, values[0])));
  const int flags = OURO_TRY(c_int_or(ts, values[1], EFD_CLOEXEC));
  return size_or_error(ts, eventfd(initial, flags));
}

ObjResult posix_eventfd_read(ThreadState& ts, Obj, Args args) {
  Obj values[1];
  OURO_TRY(parse_args(ts, args, "eventfd_read", {"fd"}, 1, values));
  eventfd_t value = 0;
  if (eventfd_read(OURO_TRY(c_int(ts, values[0])), &value) < 0) return raise_os_error(ts, errno);
  return Int::from_unsigned(ts, value);
}

ObjResult posix_eventfd_write(ThreadState& ts, Obj, Args args) {
  Obj values[2];
  OURO_TRY(parse_args(ts, args, "eventfd_write", {"fd", "value"}, 2, values));
  const int descriptor = OURO_TRY(c_int(ts, values[0]));
  return none_or_error(ts, eventfd_write(descriptor, OURO_TRY(c_unsigned_bits(ts, values[1]))));
}

// -- terminals ------------------------------------------------------------------------------------

ObjResult posix_openpty(ThreadState& ts, Obj, Args) {
  int master = -1;
  int slave = -1;
  if (openpty(&master, &slave, nullptr, nullptr, nullptr) < 0) return raise_os_error(ts, errno);
  fcntl(master, F_SETFD, FD_CLOEXEC);
  fcntl(slave, F_SETFD, FD_CLOEXEC);
  Ref<Int> first = OURO_TRY(Int::from(ts, master));
  Ref<Int> second = OURO_TRY(Int::from(ts, slave));
  return Tuple::of(ts, first, second);
}

ObjResult posix_login_tty(ThreadState& ts, Obj, Args args) {
  return none_or_error(ts, login_tty(OURO_TRY(file_descriptor(ts, args[0]))));
}

ObjResult posix_ttyname(ThreadState& ts, Obj, Args args) {
  char name[PATH_MAX];
  const int error = ttyname_r(OURO_TRY(c_int(ts, args[0])), name, sizeof name);
  if (error != 0) return raise_os_error(ts, error);
  return system_text(ts, name, false);
}

ObjResult posix_ctermid(ThreadState& ts, Obj, Args) {
  char name[L_ctermid];
  return system_text(ts, ctermid(name), false);
}

ObjResult posix_tcsetpgrp(ThreadState& ts, Obj, Args args) {
  const int descriptor = OURO_TRY(c_int(ts, args[0]));
  return none_or_error(ts, tcsetpgrp(descriptor, OURO_TRY(c_int(ts, args[1]))));
}

}  // namespace

const MethodDef kPosixVectorMethods[] = {
    {"readv", posix_readv, 2, 2, MethodDef::kNone,
     "readv($module, fd, buffers, /)\n--\n\nRead from a file descriptor fd into an iterable of "
     "buffers."},
    {"writev", posix_writev, 2, 2, MethodDef::kNone,
     "writev($module, fd, buffers, /)\n--\n\nWrite the contents of buffers to the file "
     "descriptor."},
    {"preadv", posix_preadv, 3, 4, MethodDef::kNone,
     "preadv($module, fd, buffers, offset, flags=0, /)\n--\n\nThe same as readv, from an offset "
     "on."},
    {"pwritev", posix_pwritev, 3, 4, MethodDef::kNone,
     "pwritev($module, fd, buffers, offset, flags=0, /)\n--\n\nThe same as writev, at an offset."},
    {"sendfile", posix_sendfile, 0, -1, MethodDef::kKeywords,
     "sendfile($module, /, out_fd, in_fd, offset, count)\n--\n\nCopy count bytes from descriptor "
     "in_fd to "
     "descriptor out_fd."},
    {"copy_file_range", posix_copy_file_range, 0, -1, MethodDef::kKeywords,
     "copy_file_range($module, /, src, dst, count, offset_src=None,\n                "
     "offset_dst=None)\n--\n\nCopy count bytes from one file descriptor to another."},
    {"posix_fadvise", posix_fadvise_function, 4, 4, MethodDef::kNone,
     "posix_fadvise($module, fd, offset, length, advice, /)\n--\n\nAnnounce how a file will be "
     "read."},
    {"posix_fallocate", posix_fallocate_function, 3, 3, MethodDef::kNone,
     "posix_fallocate($module, fd, offset, length, /)\n--\n\nEnsure that a file has room on disk."},
    {"lockf", posix_lockf, 3, 3, MethodDef::kNone,
     "lockf($module, fd, command, length, /)\n--\n\nApply, test or remove a POSIX lock on an open "
     "file."},
    {"memfd_create", posix_memfd_create, 0, -1, MethodDef::kKeywords,
     "memfd_create($module, /, name, flags=MFD_CLOEXEC)\n--\n\nA file that lives in memory."},
    {"eventfd", posix_eventfd, 0, -1, MethodDef::kKeywords,
     "eventfd($module, /, initval, flags=EFD_CLOEXEC)\n--\n\nA descriptor that counts events."},
    {"eventfd_read", posix_eventfd_read, 0, -1, MethodDef::kKeywords,
     "eventfd_read($module, /, fd)\n--\n\nRead eventfd value"},
    {"eventfd_write", posix_eventfd_write, 0, -1, MethodDef::kKeywords,
     "eventfd_write($module, /, fd, value)\n--\n\nWrite eventfd value."},
    {"openpty", posix_openpty, 0, 0, MethodDef::kNone,
     "openpty($module, /)\n--\n\nOpen a pseudo-terminal: (master_fd, slave_fd)."},
    {"login_tty", posix_login_tty, 1, 1, MethodDef::kNone,
     "login_tty($module, fd, /)\n--\n\nMake a terminal the controlling one of a new session."},
    {"ttyname", posix_ttyname, 1, 1, MethodDef::kNone,
     "ttyname($module, fd, /)\n--\n\nThe name of the terminal device."},
    {"ctermid", posix_ctermid, 0, 0, MethodDef::kNone,
     "ctermid($module, /)\n--\n\nThe name of the controlling terminal."},
    {"tcsetpgrp", posix_tcsetpgrp, 2, 2, MethodDef::kNone,
     "tcsetpgrp($module, fd, pgid, /)\n--\n\nSet the process group of a terminal."},
    {nullptr, nullptr, 0, 0, MethodDef::kNone, nullptr},
};

Status add_posix_vector_constants(ThreadState& ts, Borrowed<Module> module) {
  constexpr std::pair<const char*, std::int64_t> kConstants[] = {
      {"EFD_CLOEXEC", EFD_CLOEXEC},
      {"EFD_NONBLOCK", EFD_NONBLOCK},
      {"EFD_SEMAPHORE", EFD_SEMAPHORE},
      {"MFD_CLOEXEC", MFD_CLOEXEC},
      {"MFD_ALLOW_SEALING", MFD_ALLOW_SEALING},
      {"MFD_HUGETLB", MFD_HUGETLB},
      {"POSIX_FADV_NORMAL", POSIX_FADV_NORMAL},
      {"POSIX_FADV_RANDOM", POSIX_FADV_RANDOM},
      {"POSIX_FADV_SEQUENTIAL", POSIX_FADV_SEQUENTIAL},
      {"POSIX_FADV_WILLNEED", POSIX_FADV_WILLNEED},
      {"POSIX_FADV_DONTNEED", POSIX_FADV_DONTNEED},
      {"POSIX_FADV_NOREUSE", POSIX_FADV_NOREUSE},
      {"RWF_HIPRI", RWF_HIPRI},
      {"RWF_DSYNC", RWF_DSYNC},
      {"RWF_SYNC", RWF_SYNC},
      {"RWF_NOWAIT", RWF_NOWAIT},
      {"RWF_APPEND", RWF_APPEND},
  };
  for (const auto& [name, value] : kConstants) OURO_TRY(add_constant(ts, module, name, value));
  return kDone;
}

}  // namespace ouro
