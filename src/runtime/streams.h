// sys.stdin, sys.stdout, sys.stderr: text streams over descriptors 0, 1, 2, made of module _io's classes.
#pragma once

#include "objects/thread_state.h"

namespace ouro {

/// Makes the three streams, also under their `__stdin__` … names. A closed descriptor gives None.
Status open_standard_streams(ThreadState& ts, bool unbuffered, bool use_environment);
/// Flushes stdout and stderr; false when stdout could not be written (the error is reported as unraisable).
bool flush_standard_streams(ThreadState& ts);

}  // namespace ouro
