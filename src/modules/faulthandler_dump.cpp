// faulthandler: writing tracebacks with nothing but write().
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "modules/faulthandler.h"
#include "objects/core.h"
#include "vm/frame.h"

namespace ouro {

namespace {

constexpr int kMostFrames = 100;
constexpr int kMostThreads = 100;
constexpr std::int64_t kMostCharacters = 500;

void write_bytes(int descriptor, const char* bytes, std::size_t count) {
  while (count > 0) {
    const ssize_t written = write(descriptor, bytes, count);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return;
    bytes += written;
    count -= static_cast<std::size_t>(written);
  }
}

void write_hex(int descriptor, std::uint64_t number, int digits) {
  char text[17];
  for (int i = digits; i-- > 0; number >>= 4) text[i] = "0123456789abcdef"[number & 15];
  write_bytes(descriptor, text, static_cast<std::size_t>(digits));
}

/// Printable ASCII as it is, other characters as escapes.
void write_str(int descriptor, const Str* text) {
  const std::int64_t shown = std::min(std::int64_t{text->length}, kMostCharacters);
  for (std::int64_t i = 0; i < shown; ++i) {
    const char32_t c = text->at(i);
    if (c >= ' ' && c < 127) {
      const char byte = static_cast<char>(c);
      write_bytes(descriptor, &byte, 1);
    } else {
      fault_write(descriptor, c <= 0xff ? "\\x" : c <= 0xffff ? "\\u" : "\\U");
      write_hex(descriptor, c, c <= 0xff ? 2 : c <= 0xffff ? 4 : 8);
    }
  }
  if (shown < text->length) fault_write(descriptor, "...");
}

void write_frame(int descriptor, const Frame* frame) {
  fault_write(descriptor, "  File ");
  const Code* code = frame->code;
  if (code->filename != nullptr) {
    fault_write(descriptor, "\"");
    write_str(descriptor, code->filename);
    fault_write(descriptor, "\"");
  } else {
    fault_write(descriptor, "???");
  }
  fault_write(descriptor, ", line ");
  const int line = frame->line();
  if (line >= 0) {
    fault_write_number(descriptor, static_cast<std::uint64_t>(line));
  } else {
    fault_write(descriptor, "???");
  }
  fault_write(descriptor, " in ");
  if (code->name != nullptr) {
    write_str(descriptor, code->name);
  } else {
    fault_write(descriptor, "???");
  }
  fault_write(descriptor, "\n");
}

void write_frames(int descriptor, const ThreadState& thread) {
  const Frame* frame = complete_frame(thread.frame);
  if (frame == nullptr) {
    fault_write(descriptor, "  <no Python frame>\n");
    return;
  }
  for (int depth = 0; frame != nullptr; ++depth, frame = complete_frame(frame->previous)) {
    if (depth == kMostFrames) {
      fault_write(descriptor, "  ...\n");
      return;
    }
    write_frame(descriptor, frame);
  }
}

}  // namespace

void fault_write(int descriptor, const char* text) {
  write_bytes(descriptor, text, std::strlen(text));
}

void fault_write_number(int descriptor, std::uint64_t number, int digits) {
  char text[20];
  int start = 20;
  while (number > 0 || 20 - start < digits) {
    text[--start] = static_cast<char>('0' + number % 10);
    number /= 10;
  }
  write_bytes(descriptor, text + start, static_cast<std::size_t>(20 - start));
}

void fault_write_stack(int descriptor, const ThreadState& thread) {
  fault_write(descriptor, "Stack (most recent call first):\n");
  write_frames(descriptor, thread);
}

void fault_write_threads(int descriptor, const Threads& threads, const ThreadState* current) {
  int count = 0;
  for (const ThreadState* at = threads.first(); at != nullptr; at = at->next_thread, ++count) {
    if (count > 0) fault_write(descriptor, "\n");
    if (count == kMostThreads) {
      fault_write(descriptor, "...\n");
      return;
    }
    fault_write(descriptor, at == current ? "Current thread 0x" : "Thread 0x");
    write_hex(descriptor, at->identity, 16);
    fault_write(descriptor, " (most recent call first):\n");
    if (at == current && at->space.collector.collecting()) {
      fault_write(descriptor, "  Garbage-collecting\n");
    }
    write_frames(descriptor, *at);
  }
}

}  // namespace ouro
