// The library's importlib, run from its source when a program asks for it.
//
// The native importer serves plain programs: modules of the runtime and `.py` files in folders. As
// soon as a program imports `importlib`, changes sys.meta_path or sys.path_hooks, or names a
// package without `__init__.py`, importlib's bootstrap code takes over all finding and loading:
// CoreObjects::find_and_load then holds its `_find_and_load`.
#pragma once

#include "objects/module.h"
#include "objects/operations.h"
#include "objects/str.h"

namespace ouro {

/// importlib's two bootstrap modules by the names the library knows them under.
bool is_importlib_bootstrap(Borrowed<Str> name);
/// Puts importlib in charge, once; modules imported so far get specs and loaders. ImportError when
/// the library has none. Runs Python code.
Status start_importlib(ThreadState& ts);
/// Whether importlib's own code is being run for the first time: the native importer serves it.
bool importlib_is_starting(ThreadState& ts);
/// Whether a program has put finders of its own into sys.
bool wants_importlib(ThreadState& ts);
/// The module `name` through importlib, which is in charge; its own frames are left out of the
/// tracebacks of errors.
ObjResult find_and_load_by_importlib(ThreadState& ts, Borrowed<Str> name);

/// Runs module `name` as `__main__` through the library's runpy; "__main__" stands for that of the
/// folder or archive sys.path begins with. `alter_argv`: sys.argv[0] becomes the module's file.
Status run_as_main(ThreadState& ts, Obj name, bool alter_argv);
/// Attributes of sys that are made when first asked for: the finders, and what make_late_fact knows.
MaybeAttribute make_import_hooks(ThreadState& ts, Module* sys, Borrowed<Str> name);

}  // namespace ouro
