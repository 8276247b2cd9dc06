// The % operator of bytes and bytearray (that of str is in str.h).
#pragma once

#include "objects/bytes.h"

namespace ouro {

/// pattern % args as bytes.
Result<Ref<Bytes>> bytes_percent_format(ThreadState& ts, std::string_view pattern, Obj args);

}  // namespace ouro
