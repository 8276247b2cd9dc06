// Module select: what its files share.
#pragma once

#include "objects/module.h"

namespace ouro {

/// A descriptor: an int, or an object with fileno().
Result<int> select_descriptor(ThreadState& ts, Obj value);
/// Monotonic seconds.
double select_now();
/// The type select.epoll and its constants.
Status add_epoll(ThreadState& ts, Borrowed<Module> module);

}  // namespace ouro
