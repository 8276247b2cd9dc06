// What the files of module zlib share: errors, and running data through the library.
//
// The module's state is the row error, Compress, Decompress. The library's own memory comes from
// the heap, so that limits and statistics include it.
#pragma once

#include <zlib.h>

#include <climits>

#include "modules/library_support.h"

namespace ouro::zlib {

enum StateIndex : std::size_t { kError, kCompress, kDecompress };

inline constexpr int kFirstBytes = 16 * 1024;  // DEF_BUF_SIZE: room for output in the beginning
inline constexpr int kMemoryLevel = 8;

void* allocate(void*, unsigned count, unsigned bytes);
void release(void*, void* block);
inline z_stream new_stream() {
  z_stream stream = {};
  stream.zalloc = allocate;
  stream.zfree = release;
  return stream;
}

/// "Error -3 while decompressing data: incorrect header check".
Raised raise_error(ThreadState& ts, Borrowed<Type> error, const z_stream& stream, int code,
                   const char* what);

/// Feeds input of any size to a stream and gathers the output.
class Pump {
 public:
  Pump(ThreadState& ts, z_stream& stream, std::string_view input, std::size_t first = kFirstBytes,
       std::size_t most = SIZE_MAX / 4)
      : output_(ts), stream_(stream), left_(input.size()), first_(first), most_(most) {
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(input.data()));
    stream_.avail_in = 0;
  }

  /// Calls `step` (deflate, inflate) until the input is used up, the stream ends, an error comes or
  /// the output reaches its limit. `flush` is for all pieces of the input but the last, which gets
  /// `last_flush`. `code` is what the last call returned. `retry(code)` may help the library on
  /// after a code that is neither success nor the end: false stops.
  template <class Step, class Retry>
  Status run(Step step, int flush, int last_flush, int& code, Retry retry) {
    code = Z_OK;
    do {
      const auto piece = static_cast<uInt>(std::min<std::size_t>(left_, UINT_MAX));
      left_ -= piece;
      stream_.avail_in = piece;
      bool again = false;
      do {
        if (output_.available() == 0) {
          if (output_.size() == most_) return stop();
          OURO_TRY(output_.grow(first_, most_));
        }
        const auto room = static_cast<uInt>(std::min<std::size_t>(output_.available(), UINT_MAX));
        stream_.next_out = reinterpret_cast<Bytef*>(output_.room());
        stream_.avail_out = room;
        code = step(&stream_, left_ == 0 ? last_flush : flush);
        output_.advance(room - stream_.avail_out);
        again = false;
        if (code != Z_OK && code != Z_BUF_ERROR && code != Z_STREAM_END) {
          if (!OURO_TRY(retry(code))) return stop();
          again = true;
        }
      } while (stream_.avail_out == 0 || again);
    } while (code != Z_STREAM_END && left_ > 0);
    return stop();
  }
  template <class Step>
  Status run(Step step, int flush, int last_flush, int& code) {
    return run(step, flush, last_flush, code, [](int) { return Result<bool>(false); });
  }
  ByteOutput& output() { return output_; }
  /// The input that was not taken.
  [[nodiscard]] std::string_view rest() const {
    return {reinterpret_cast<const char*>(stream_.next_in), rest_};
  }

 private:
  Status stop() {
    rest_ = left_ + stream_.avail_in;
    stream_.avail_in = 0;
    return kDone;
  }
  ByteOutput output_;
  z_stream& stream_;
  std::size_t left_;  // input that the stream has not been shown
  std::size_t rest_ = 0;
  std::size_t first_, most_;
};

ObjResult make_compressor(ThreadState& ts, Obj module, Args args);
ObjResult make_decompressor(ThreadState& ts, Obj module, Args args);
/// Makes the types of the streams and the module's state.
Status set_stream_types(ThreadState& ts, Borrowed<Module> module, Borrowed<Type> error);

}  // namespace ouro::zlib
