// Module _operator: what its files share.
#pragma once

#include "modules/module_support.h"

namespace ouro {

/// itemgetter, attrgetter, methodcaller.
Status add_operator_types(ThreadState& ts, Borrowed<Module> module);

}  // namespace ouro
