// Module _functools: what its files share.
#pragma once

#include "modules/module_support.h"

namespace ouro {

Status add_partial_type(ThreadState& ts, Borrowed<Module> module);
Status add_cache_type(ThreadState& ts, Borrowed<Module> module);

}  // namespace ouro
