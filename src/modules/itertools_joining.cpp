// itertools: chain, zip_longest, pairwise.
#include "modules/itertools.h"

namespace ouro {

namespace {

// -- chain ----------------------------------------------------------------------------------------

struct Chain : Object {
  Object* sources;  // ? owned: iterator over the iterables; null when all is over
  Object* active;   // ? owned: the iterator being read
  template <class V>
  void edges(V& v) const {
    v.edge(sources, gc::slot_label("sources"));
    v.edge(active, gc::slot_label("active"));
  }
};

ObjResult chain_over(ThreadState& ts, Borrowed<Type> type, ObjRef sources) {
  Ref<Chain> made = OURO_TRY(new_object<Chain>(ts, type, type->info.basic_bytes));
  made->sources = sources.release();
  OURO_TRY(track(ts, made));
  return made;
}

ObjResult chain_make(ThreadState& ts, Borrowed<Type> type, Args args) {
  OURO_TRY(refuse_make_keywords(ts, type, args, "chain"));
  Ref<Tuple> row = OURO_TRY(Tuple::from(ts, args.values, args.count));
  ObjRef sources = OURO_TRY(iterate(ts, row));
  return chain_over(ts, type, std::move(sources));
}

ObjResult chain_from_iterable(ThreadState& ts, Obj self, Args args) {
  ObjRef sources = OURO_TRY(iterate(ts, args[0]));
  return chain_over(ts, as<Type>(self), std::move(sources));
}

Next chain_next(ThreadState& ts, Obj self, ObjRef& item) {
  auto* chain = as<Chain>(self);
  while (chain->sources != nullptr) {
    if (chain->active == nullptr) {
      ObjRef sources = ObjRef::share(chain->sources);
      ObjRef iterable;
      const Next next = next_item(ts, sources, iterable);
      if (next != Next::Item) {
        drop(chain->sources);
        return next;
      }
      ObjResult iterator = iterate(ts, iterable);
      if (iterator.raised()) {
        drop(chain->sources);
        return Next::Raised;
      }
      const ObjRef old = ObjRef::steal(std::exchange(chain->active, iterator.take().release()));
    }
    ObjRef active = ObjRef::share(chain->active);
    const Next next = next_item(ts, active, item);
    if (next != Next::Done) return next;
    if (chain->active == active.get()) drop(chain->active);
  }
  return Next::Done;
}

ObjResult chain_reduce(ThreadState& ts, Obj self, Args) {
  auto* chain = as<Chain>(self);
  if (chain->sources == nullptr) return Tuple::of(ts, Obj(self->type()), Obj(ts.core.empty_tuple));
  Ref<Tuple> state = chain->active == nullptr
                         ? OURO_TRY(Tuple::of(ts, Obj(chain->sources)))
                         : OURO_TRY(Tuple::of(ts, Obj(chain->sources), Obj(chain->active)));
  return Tuple::of(ts, Obj(self->type()), Obj(ts.core.empty_tuple), state);
}

ObjResult chain_setstate(ThreadState& ts, Obj self, Args args) {
  if (!is_tuple(args[0])) return raise_type_error(ts, "state is not a tuple");
  auto* state = as<Tuple>(args[0]);
  if (state->size < 1 || state->size > 2)
    return raise_type_error(ts, "function takes at most 2 arguments ({} given)", state->size);
  for (std::int64_t i = 0; i < state->size; ++i) {
    if (state->at(i)->type()->next == nullptr)
      return raise_type_error(ts, "Arguments must be iterators.");
  }
  auto* chain = as<Chain>(self);
  const ObjRef old_sources =
      ObjRef::steal(std::exchange(chain->sources, state->at(0).new_ref().release()));
  const ObjRef old_active = ObjRef::steal(
      std::exchange(chain->active, state->size > 1 ? state->at(1).new_ref().release() : nullptr));
  return ts.core.none_ref();
}

constexpr MethodDef kChainMethods[] = {
    {"from_iterable", chain_from_iterable, 1, 1, MethodDef::kClass,
     "from_iterable($type, iterable, /)\n--\n\nAlternative chain() constructor taking a single "
     "iterable of iterables."},
    {"__class_getitem__", class_getitem_method, 1, 1, MethodDef::kClass, "See PEP 585"},
    {"__reduce__", chain_reduce, 0, 0, MethodDef::kNone, "Return state information for pickling."},
    {"__setstate__", chain_setstate, 1, 1, MethodDef::kNone,
     "Set state information for unpickling."},
    {nullptr, nullptr, 0, 0, MethodDef::kNone, nullptr},
};

void fill_chain(Type& type) {
  fill_iterator<Chain, &Chain::sources, &Chain::active>(type, chain_next);
  type.make = chain_make;
  type.methods = kChainMethods;
}

// -- zip_longest ----------------------------------------------------------------------------------

struct ZipLongest : Object {
  Tuple* iterators;  // owned; an exhausted one is replaced by None
  Object* fill;      // owned
  std::int64_t active;
  template <class V>
  void edges(V& v) const {
    v.edge(iterators, gc::slot_label("iterators"));
    v.edge(fill, gc::slot_label("fillvalue"));
  }
};

ObjResult zip_longest_make(ThreadState& ts, Borrowed<Type> type, Args args) {
  ObjRef fill = ts.core.none_ref();
  for (std::uint32_t i = 0; i < args.keyword_count(); ++i) {
    if (!str_equals_ascii(as<Str>(args.keywords->at(i)), "fillvalue")) {
      return raise_type_error(ts, "zip_longest() got an unexpected keyword argument");
    }
    fill = args.keyword_value(i).new_ref();
  }
  ItemBuffer iterators(ts);
  for (std::uint32_t i = 0; i < args.count; ++i) {
    ObjRef iterator = OURO_TRY(iterate(ts, args[i]));
    OURO_TRY(iterators.append(std::move(iterator)));
  }
  Ref<Tuple> row = OURO_TRY(Tuple::from(ts, iterators.data(), args.count));
  Ref<ZipLongest> made = OURO_TRY(new_object<ZipLongest>(ts, type, type->info.basic_bytes));
  made->iterators = row.release();
  made->fill = fill.release();
  made->active = args.count;
  OURO_TRY(track(ts, made));
  return made;
}

Next zip_longest_next(ThreadState& ts, Obj self, ObjRef& item) {
  auto* zip = as<ZipLongest>(self);
  if (zip->active == 0) return Next::Done;
  Ref<Tuple> iterators = Ref<Tuple>::share(zip->iterators);
  ItemBuffer row(ts);
  for (std::int64_t i = 0; i < iterators->size; ++i) {
    ObjRef value = ObjRef::share(zip->fill);
    if (!is_none(iterators->at(i))) {
      ObjRef iterator = iterators->at(i).new_ref();
      ObjRef found;
      const Next next = next_item(ts, iterator, found);
      if (next == Next::Raised) {
        zip->active = 0;
        return next;
      }
      if (next == Next::Item) {
        value = std::move(found);
      } else {
        if (--zip->active <= 0) {
          zip->active = 0;
          return Next::Done;
        }
        const ObjRef old =
            ObjRef::steal(std::exchange(iterators->items[i], ts.core.none_ref().release()));
      }
    }
    if (row.append(std::move(value)).raised()) return Next::Raised;
  }
  return next_from(Tuple::from(ts, row.data(), static_cast<std::size_t>(row.size())), item);
}

ObjResult zip_longest_reduce(ThreadState& ts, Obj self, Args) {
  auto* zip = as<ZipLongest>(self);
  ItemBuffer sources(ts);
  for (std::int64_t i = 0; i < zip->iterators->size; ++i) {
    OURO_TRY(sources.append(is_none(zip->iterators->at(i)) ? ObjRef::share(ts.core.empty_tuple)
                                                           : zip->iterators->at(i).new_ref()));
  }
  Ref<Tuple> args =
      OURO_TRY(Tuple::from(ts, sources.data(), static_cast<std::size_t>(sources.size())));
  return Tuple::of(ts, Obj(self->type()), args, Obj(zip->fill));
}

ObjResult zip_longest_setstate(ThreadState& ts, Obj self, Args args) {
  const ObjRef old =
      ObjRef::steal(std::exchange(as<ZipLongest>(self)->fill, args[0].new_ref().release()));
  return ts.core.none_ref();
}

constexpr MethodDef kZipLongestMethods[] = {
    {"__reduce__", zip_longest_reduce, 0, 0, MethodDef::kNone,
     "Return state information for pickling."},
    {"__setstate__", zip_longest_setstate, 1, 1, MethodDef::kNone,
     "Set state information for unpickling."},
    {nullptr, nullptr, 0, 0, MethodDef::kNone, nullptr},
};

void fill_zip_longest(Type& type) {
  fill_iterator<ZipLongest, &ZipLongest::iterators, &ZipLongest::fill>(type, zip_longest_next);
  type.make = zip_longest_make;
  type.methods = kZipLongestMethods;
}

// -- pairwise -------------------------------------------------------------------------------------

struct Pairwise : Object {
  Object* iterator;  // ? owned
  Object* old;       // ? owned: the last item given
  template <class V>
  void edges(V& v) const {
    v.edge(iterator, gc::slot_label("iterator"));
    v.edge(old, gc::slot_label("old"));
  }
};

ObjResult pairwise_make(ThreadState& ts, Borrowed<Type> type, Args args) {
  OURO_TRY(refuse_make_keywords(ts, type, args, "pairwise"));
  OURO_TRY(check_args(ts, {args.values, args.count, nullptr}, "pairwise", 1, 1));
  ObjRef iterator = OURO_TRY(iterate(ts, args[0]));
  Ref<Pairwise> made = OURO_TRY(new_object<Pairwise>(ts, type, type->info.basic_bytes));
  made->iterator = iterator.release();
  OURO_TRY(track(ts, made));
  return made;
}

Next pairwise_end(Pairwise* pair, Next next) {
  drop(pair->iterator);
  drop(pair->old);
  return next;
}

Next pairwise_next(ThreadState& ts, Obj self, ObjRef& item) {
  auto* pair = as<Pairwise>(self);
  if (pair->iterator == nullptr) return Next::Done;
  ObjRef iterator = ObjRef::share(pair->iterator);
  if (pair->old == nullptr) {
    ObjRef first;
    const Next next = next_item(ts, iterator, first);
    if (next != Next::Item) return pairwise_end(pair, next);
    const ObjRef before = ObjRef::steal(std::exchange(pair->old, first.release()));
    if (pair->iterator == nullptr) return pairwise_end(pair, Next::Done);
  }
  ObjRef old = ObjRef::share(pair->old);
  ObjRef fresh;
  const Next next = next_item(ts, iterator, fresh);
  if (next != Next::Item) return pairwise_end(pair, next);
  const ObjRef before = ObjRef::steal(std::exchange(pair->old, fresh.new_ref().release()));
  return next_from(Tuple::of(ts, old, fresh), item);
}

void fill_pairwise(Type& type) {
  fill_iterator<Pairwise, &Pairwise::iterator, &Pairwise::old>(type, pairwise_next);
  type.make = pairwise_make;
}

}  // namespace

Status add_joining_iterators(ThreadState& ts, Borrowed<Module> module) {
  const TypeSpec specs[] = {
      {"chain", "itertools", sizeof(Chain), 0, kIteratorFlags | kKeepsArguments, fill_chain,
       "chain(*iterables) --> the items of the first iterable, then those of the next, until all "
       "are exhausted."},
      {"zip_longest", "itertools", sizeof(ZipLongest), 0, kIteratorFlags, fill_zip_longest,
       "zip_longest(iter1 [,iter2 [...]], [fillvalue=None]) --> tuples of one item of each, until "
       "the longest is exhausted; "
       "missing items are fillvalue."},
      {"pairwise", "itertools", sizeof(Pairwise), 0, kIteratorFlags, fill_pairwise,
       "pairwise(iterable, /)\n--\n\nThe overlapping pairs of neighbours: s -> (s0,s1), (s1,s2), "
       "(s2, s3), ..."},
  };
  return add_native_types(ts, module, specs);
}

}  // namespace ouro
