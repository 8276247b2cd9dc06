// The importer: __import__ over native modules and `.py` files, with sys.modules, packages and relative names.
//
// Modules come from, in this order: sys.modules, the native table, the folders of sys.path (or the package's __path__):
// `name/__init__.py`, then `name.py`. Each is executed once; a module whose body fails is taken out of sys.modules again.
#pragma once

#include "objects/module.h"

namespace ouro {

/// Puts __import__ into builtins; gives sys and builtins their specs.
Status install_importer(ThreadState& ts);
/// import name (absolute, dotted): the module itself, not its top-level package.
ObjResult import_module(ThreadState& ts, std::string_view name);
/// -m name: finds the module (of a package: its `__main__`) and runs its code in `main`, as `__main__`.
Status run_module_as_main(ThreadState& ts, std::string_view name, Borrowed<Module> main);

}  // namespace ouro
