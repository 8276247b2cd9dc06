// functools._lru_cache_wrapper: a function that remembers its results.
//
// `cache` maps keys to results (no limit) or to links (bounded). The links form a chain, the one
// used longest ago first; dict and chain each own a reference to a link. Code run by comparisons
// may change either, so a link in one may be missing in the other for a while: neither relies on
// the other for keeping it alive.
#include "modules/functools.h"

namespace ouro {

namespace {

struct Link : Object {
  Link* before;
  Link* after;
  std::int64_t hash;
  Object* key;     // owned
  Object* result;  // owned
  template <class V>
  void edges(V& v) const {
    v.edge(key, gc::slot_label("key"));
    v.edge(result, gc::slot_label("result"));
  }
};

struct Cache;
using CacheCall = ObjResult (*)(ThreadState& ts, Cache* self, Args args);

struct Cache : Object {
  Object* function;  // owned, as all below
  Dict* cache;
  Object* info_type;  // the CacheInfo class
  Object* mark;       // separates positional from keyword arguments in keys
  Dict* dict;         // ?
  CacheCall wrapper;
  bool typed;
  std::int64_t maxsize;  // -1: no limit
  std::int64_t hits;
  std::int64_t misses;
  Link* oldest;  // owned, with all that follow it
  Link* newest;
  gc::WeakReference* weaklist;
  template <class V>
  void edges(V& v) const {
    v.edge(function, gc::slot_label("__wrapped__"));
    v.edge(cache, gc::slot_label("cache"));
    v.edge(info_type, gc::slot_label("cache_info_type"));
    v.edge(mark, gc::slot_label("kwd_mark"));
    v.edge(dict, gc::slot_label("__dict__"));
    std::size_t place = 0;
    for (const Link* link = oldest; link != nullptr; link = link->after)
      v.edge(link, gc::index_label(place++));
  }
};

// -- links ----------------------------------------------------------------------------------------

void fill_link(Type& type) { fill_holder<Link, &Link::key, &Link::result>(type); }

bool is_in_chain(const Cache* self, const Link* link) {
  return link->before != nullptr || self->oldest == link;
}

/// Takes a link out of the chain, with the chain's reference to it.
Ref<Link> take_out(Cache* self, Link* link) {
  (link->before != nullptr ? link->before->after : self->oldest) = link->after;
  (link->after != nullptr ? link->after->before : self->newest) = link->before;
  link->before = link->after = nullptr;
  return Ref<Link>::steal(link);
}

void put_last(Cache* self, Ref<Link> owned) {
  Link* link = owned.release();
  link->before = self->newest;
  link->after = nullptr;
  (self->newest != nullptr ? self->newest->after : self->oldest) = link;
  self->newest = link;
}

/// Forgets everything. The chain is detached first, so that code run by dying results finds an
/// empty cache.
void empty(Cache* self) {
  Link* link = std::exchange(self->oldest, nullptr);
  self->newest = nullptr;
  self->hits = self->misses = 0;
  if (self->cache != nullptr) dict_clear(self->cache);
  while (link != nullptr) {
    Link* after = std::exchange(link->after, nullptr);
    link->before = nullptr;
    decref(link);
    link = after;
  }
}

// -- keys -----------------------------------------------------------------------------------------

/// The key of a call: a lone str or int itself, otherwise a tuple of arguments, mark, keywords and,
/// if wanted, types.
ObjResult make_key(ThreadState& ts, Cache* self, Args args) {
  if (!self->typed && args.keyword_count() == 0 && args.count == 1 &&
      (is_exact_str(args[0]) || is_exact_int(args[0]))) {
    return args[0].new_ref();
  }
  ItemBuffer items(ts);
  OURO_TRY(items.copy(args.values, args.count));
  const std::uint32_t keywords = args.keyword_count();
  if (keywords > 0) {
    OURO_TRY(items.append(ObjRef::share(self->mark)));
    for (std::uint32_t i = 0; i < keywords; ++i) {
      OURO_TRY(items.append(args.keywords->at(i).new_ref()));
      OURO_TRY(items.append(args.keyword_value(i).new_ref()));
    }
  }
  if (self->typed) {
    for (std::uint32_t i = 0; i < args.count + keywords; ++i)
      OURO_TRY(items.append(ObjRef::share(Obj(args.values[i])->type())));
  }
  return Tuple::from(ts, items.data(), static_cast<std::size_t>(items.size()));
}

// -- the three ways of caching --------------------------------------------------------------------

ObjResult call_uncached(ThreadState& ts, Cache* self, Args args) {
  ++self->misses;
  ObjRef function = ObjRef::share(self->function);
  return call(ts, function, args);
}

ObjResult call_unlimited(ThreadState& ts, Cache* self, Args args) {
  ObjRef key = OURO_TRY(make_key(ts, self, args));
  const std::int64_t hash = OURO_TRY(hash_of(ts, key));
  Ref<Dict> cache = Ref<Dict>::share(self->cache);
  const Lookup found = dict_lookup_hashed(ts, cache, key, hash);
  if (found.failed) return Raised{};
  if (found.value != nullptr) {
    ++self->hits;
    return ObjRef::share(found.value);
  }
  ++self->misses;
  ObjRef function = ObjRef::share(self->function);
  ObjRef result = OURO_TRY(call(ts, function, args));
  OURO_TRY(dict_set_hashed(ts, cache, key, hash, result));
  return result;
}

/// Drops the link used longest ago to make room. Its removal may run Python code, which may use the
/// cache.
Status evict(ThreadState& ts, Cache* self) {
  if (self->oldest == nullptr) return kDone;
  Ref<Link> link = take_out(self, self->oldest);
  Ref<Dict> cache = Ref<Dict>::share(self->cache);
  const Lookup found = dict_lookup_hashed(ts, cache, Obj(link->key), link->hash);
  if (found.failed) return Raised{};
  if (found.value != link.get()) return kDone;
  const bool removed = OURO_TRY(dict_remove_hashed(ts, cache, Obj(link->key), link->hash));
  static_cast<void>(removed);
  return kDone;
}

ObjResult call_bounded(ThreadState& ts, Cache* self, Args args) {
  ObjRef key = OURO_TRY(make_key(ts, self, args));
  const std::int64_t hash = OURO_TRY(hash_of(ts, key));
  Ref<Dict> cache = Ref<Dict>::share(self->cache);
  Lookup found = dict_lookup_hashed(ts, cache, key, hash);
  if (found.failed) return Raised{};
  if (found.value != nullptr) {
    auto* link = as<Link>(Obj(found.value));
    put_last(self, is_in_chain(self, link) ? take_out(self, link) : Ref<Link>::share(link));
    ++self->hits;
    return ObjRef::share(link->result);
  }
  ++self->misses;
  ObjRef function = ObjRef::share(self->function);
  ObjRef result = OURO_TRY(call(ts, function, args));
  // The call may have stored this key itself.
  found = dict_lookup_hashed(ts, cache, key, hash);
  if (found.failed) return Raised{};
  if (found.value != nullptr) return result;
  if (self->cache->used >= self->maxsize) OURO_TRY(evict(ts, self));
  Ref<Link> link = OURO_TRY(new_object<Link>(ts, companion(self->type())));
  link->hash = hash;
  link->key = key.new_ref().release();
  link->result = result.new_ref().release();
  OURO_TRY(track(ts, link));
  OURO_TRY(dict_set_hashed(ts, cache, key, hash, link));
  put_last(self, std::move(link));
  return result;
}

// -- the type -------------------------------------------------------------------------------------

ObjResult cache_make(ThreadState& ts, Borrowed<Type> type, Args args) {
  Obj values[4];
  OURO_TRY(parse_args(ts, args, "lru_cache",
                      {"user_function", "maxsize", "typed", "cache_info_type"}, 4, values));
  if (!is_callable(values[0])) return raise_type_error(ts, "the first argument must be callable");
  CacheCall wrapper = call_unlimited;
  std::int64_t maxsize = -1;
  if (!is_none(values[1])) {
    if (!has_index(values[1])) return raise_type_error(ts, "maxsize should be integer or None");
    maxsize = OURO_TRY(index_as_int64(ts, values[1], ts.core.exceptions.OverflowError));
    if (maxsize < 0) maxsize = 0;
    wrapper = maxsize == 0 ? call_uncached : call_bounded;
  }
  const bool typed = OURO_TRY(is_true(ts, values[2]));
  Ref<Dict> dict = OURO_TRY(Dict::create(ts));
  ObjRef mark = OURO_TRY(call(ts, Obj(ts.core.types.object)));
  Ref<Cache> made = OURO_TRY(new_object<Cache>(ts, type, type->info.basic_bytes));
  made->function = values[0].new_ref().release();
  made->cache = dict.release();
  made->info_type = values[3].new_ref().release();
  made->mark = mark.release();
  made->wrapper = wrapper;
  made->typed = typed;
  made->maxsize = maxsize;
  OURO_TRY(track(ts, made));
  return made;
}

void cache_clear_slot(gc::Header* header) {
  auto* self = static_cast<Cache*>(header);
  empty(self);
  clear_members<Cache, &Cache::cache, &Cache::function, &Cache::mark, &Cache::info_type,
                &Cache::dict>(header);
}

void cache_dealloc(gc::Header* header) {
  auto* self = static_cast<Cache*>(header);
  untrack(self);
  if (self->weaklist != nullptr) clear_weak_references(self);
  cache_clear_slot(self);
  free_object(self);
}

ObjResult cache_call(ThreadState& ts, Obj self, Args args) {
  const PackedArguments counted(ts, args);
  return as<Cache>(self)->wrapper(ts, as<Cache>(self), args);
}

ObjResult cache_get(ThreadState& ts, Obj self, Obj instance, Obj) {
  if (!instance || is_none(instance)) return self.new_ref();
  return call(ts, Obj(ts.core.types.method), self, instance);
}

ObjResult cache_info(ThreadState& ts, Obj self, Args) {
  auto* cache = as<Cache>(self);
  Ref<Int> hits = OURO_TRY(Int::from(ts, cache->hits));
  Ref<Int> misses = OURO_TRY(Int::from(ts, cache->misses));
  Ref<Int> used = OURO_TRY(Int::from(ts, cache->cache->used));
  ObjRef maxsize = ts.core.none_ref();
  if (cache->maxsize >= 0) maxsize = OURO_TRY(Int::from(ts, cache->maxsize));
  Object* values[] = {hits.get(), misses.get(), maxsize.get(), used.get()};
  ObjRef type = ObjRef::share(cache->info_type);
  return call(ts, type, Args{values, 4, nullptr});
}

ObjResult cache_clear(ThreadState& ts, Obj self, Args) {
  empty(as<Cache>(self));
  return ts.core.none_ref();
}

ObjResult cache_reduce(ThreadState& ts, Obj self, Args) {
  return get_attribute(ts, self, ts.core.names.dunder_qualname);
}
ObjResult cache_copy(ThreadState&, Obj self, Args) { return self.new_ref(); }

ObjResult get_dict(ThreadState& ts, Obj self) {
  auto* cache = as<Cache>(self);
  if (cache->dict == nullptr) {
    Ref<Dict> made = OURO_TRY(Dict::create(ts));
    if (cache->dict == nullptr) cache->dict = made.release();
  }
  return ObjRef::share(cache->dict);
}

Status set_dict(ThreadState& ts, Obj self, Obj value) {
  if (!value) return raise_type_error(ts, "cannot delete __dict__");
  if (!is_dict(value))
    return raise_type_error(ts, "__dict__ must be set to a dictionary, not a '{t}'", value);
  const Ref<Dict> old = Ref<Dict>::steal(
      std::exchange(as<Cache>(self)->dict, Ref<Dict>::share(as<Dict>(value)).release()));
  return kDone;
}

constexpr MethodDef kMethods[] = {
    {"cache_info", cache_info, 0, 0, MethodDef::kNone,
     "cache_info($self, /)\n--\n\nReport cache statistics"},
    {"cache_clear", cache_clear, 0, 0, MethodDef::kNone,
     "cache_clear($self, /)\n--\n\nClear the cache and cache statistics"},
    {"__reduce__", cache_reduce, 0, 0, MethodDef::kNone, nullptr},
    {"__copy__", cache_copy, 0, 0, MethodDef::kNone, nullptr},
    {"__deepcopy__", cache_copy, 1, 1, MethodDef::kNone, nullptr},
    {nullptr, nullptr, 0, 0, MethodDef::kNone, nullptr},
};
constexpr GetSetDef kGetSets[] = {
    {"__dict__", get_dict, set_dict, nullptr},
    {nullptr, nullptr, nullptr, nullptr},
};

void fill_cache(Type& type) {
  init_collected<Cache>(type);
  type.info.flags |= kBaseType | kHasDict | kMethodLike;
  type.info.dealloc = cache_dealloc;
  type.info.clear = cache_clear_slot;
  type.info.weaklist_offset = offsetof(Cache, weaklist);
  type.dict_offset = offsetof(Cache, dict);
  type.make = cache_make;
  type.call = cache_call;
  type.descriptor_get = cache_get;
  type.methods = kMethods;
  type.getsets = kGetSets;
}

}  // namespace

Status add_cache_type(ThreadState& ts, Borrowed<Module> module) {
  Ref<Type> cache = OURO_TRY(
      add_native_type(ts, module,
                      {"_lru_cache_wrapper", "functools", sizeof(Cache), 0, 0, fill_cache,
                       "Create a cached callable that wraps another function.\n\nuser_function: "
                       "the function being cached\n\nmaxsize: 0 for no "
                       "caching, None for unlimited cache size, n for a bounded cache\n\ntyped: "
                       "False to cache f(3) and f(3.0) as identical calls, "
                       "True as distinct calls\n\ncache_info_type: namedtuple class with the "
                       "fields hits misses currsize maxsize"}));
  Ref<Type> link = OURO_TRY(make_native_type(
      ts, {"_lru_list_elem", "functools", sizeof(Link), 0, 0, fill_link, nullptr}));
  return set_companions(ts, cache, {link});
}

}  // namespace ouro
