// The library's importlib, run from its source when a program asks for it.
//
// The native importer serves plain programs: modules of the runtime and `.py` files in folders. As
// soon as a program imports `importlib`, changes sys.meta_path or sys.path_hooks, or names a
// package without `__init__.py`, importlib's bootstrap code takes over all finding and loading:
// CoreObjects::find_and_load then holds its `_find_and_load`.
#pragma once

#include "objects/str.h"

namespace ouro {

/// importlib's two bootstrap modules by the names the library knows them under.
bool is_importlib_bootstrap(Borrowed<Str> name);
/// Puts importlib in charge, once; modules imported so far get specs and loaders. ImportError when
/// the library has none. Runs Python code.
Status start_importlib(ThreadState& ts);
/// Whether a program has put finders of its own into sys.
bool wants_importlib(ThreadState& ts);
/// The module `name` through importlib, which is in charge; its own frames are left out of the
/// tracebacks of errors.
ObjResult find_and_load_by_importlib(ThreadState& ts, Borrowed<Str> name);

}  // namespace ouro
