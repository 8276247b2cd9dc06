// What the files on memoryview share.
#pragma once

#include "objects/bytes.h"
#include "objects/memoryview.h"

namespace ouro {

inline constexpr int kMaxDimensions = 64;

inline MemoryView* view_of(Obj self) { return as<MemoryView>(self); }
/// A new view of the same memory, laid out alike.
Result<Ref<MemoryView>> copy_view(ThreadState& ts, MemoryView* view);
/// Gives up the view's buffer; it is not usable afterwards.
void release_view(MemoryView* view);
/// The bytes the view shows, in a new object.
Result<Ref<Bytes>> copy_bytes(ThreadState& ts, const MemoryView* view);
/// The content as a list, of lists when there are more dimensions.
ObjResult memoryview_list(ThreadState& ts, MemoryView* view);

extern const MethodDef kMemoryViewMethods[];
extern const GetSetDef kMemoryViewGetSets[];

}  // namespace ouro
