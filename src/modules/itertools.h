// Module itertools: what its files share.
//
// Every iterator owns its sources and holds what it hands to Python code: a source may be replaced
// or exhausted by that code.
#pragma once

#include "modules/module_support.h"

namespace ouro {

/// Flags of all public iterator types.
inline constexpr std::uint64_t kIteratorFlags = kBaseType;

Status add_endless_iterators(ThreadState& ts, Borrowed<Module> module);  // count, cycle, repeat
Status add_joining_iterators(ThreadState& ts,
                             Borrowed<Module> module);  // chain, zip_longest, pairwise
Status add_filtering_iterators(
    ThreadState& ts,
    Borrowed<Module> module);  // compress, dropwhile, takewhile, filterfalse, islice
Status add_mapping_iterators(ThreadState& ts, Borrowed<Module> module);   // starmap, accumulate
Status add_grouping_iterators(ThreadState& ts, Borrowed<Module> module);  // groupby, _grouper, tee
Status add_combining_iterators(ThreadState& ts,
                               Borrowed<Module> module);  // product, permutations, combinations, …
/// tee(iterable, n=2): a tuple of n independent iterators; a function of the module.
ObjResult itertools_tee(ThreadState& ts, Obj module, Args args);

/// Takes the item of `made` into a Next.
inline Next next_from(ObjResult made, ObjRef& item) {
  if (made.raised()) return Next::Raised;
  item = made.take();
  return Next::Item;
}

}  // namespace ouro
