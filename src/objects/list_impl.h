// What the source files of list share.
#pragma once

#include "objects/container_support.h"
#include "objects/list.h"

namespace ouro {

/// Sets the size, growing or shrinking the storage by CPython's steps. New places are
/// uninitialised: the caller fills them before anything else happens. False when out of memory
/// (nothing raised, list unchanged).
bool list_resize(List* list, std::int64_t size);
/// A new list of items [start, stop) as they are now; bounds are clipped.
Result<Ref<List>> list_slice(ThreadState& ts, List* list, std::int64_t start, std::int64_t stop);
/// list[start:stop] = iterable; null deletes. Bounds are clipped.
Status list_assign_slice(ThreadState& ts, List* list, std::int64_t start, std::int64_t stop,
                         Obj iterable);

extern const MethodDef kListMethods[];

}  // namespace ouro
