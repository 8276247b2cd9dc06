// The constants of module sys.
#pragma once

#include "objects/dict.h"

namespace ouro {

/// version, platform, maxsize, float_info … into the module's dict.
Status add_sys_facts(ThreadState& ts, Borrowed<Dict> dict);

}  // namespace ouro
