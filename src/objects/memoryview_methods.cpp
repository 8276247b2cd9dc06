// Methods and attributes of memoryview; casts to other formats and shapes.
#include <cstring>

#include "objects/bytes_internal.h"
#include "objects/memory_items.h"
#include "objects/memoryview_internal.h"

namespace ouro {

namespace {

ObjResult tobytes_method(ThreadState& ts, Obj self, Args args) {
  Obj given[1];
  OURO_TRY(parse_args(ts, args, "tobytes", {"order"}, 0, given));
  OURO_TRY(view_of(self)->check_usable(ts));
  if (given[0] && !is_none(given[0])) {
    const bool known = is_str(given[0]) && as<Str>(given[0])->length == 1 &&
                       (as<Str>(given[0])->at(0) == 'C' || as<Str>(given[0])->at(0) == 'F' ||
                        as<Str>(given[0])->at(0) == 'A');
    if (!known) return raise_value_error(ts, "order must be 'C', 'F' or 'A'");
    if (as<Str>(given[0])->at(0) == 'F' && view_of(self)->dimensions > 1) {
      return raise(ts, ts.core.exceptions.NotImplementedError,
                   "memoryview: order 'F' of more than one dimension is not supported");
    }
  }
  return copy_bytes(ts, view_of(self));
}

ObjResult tolist_method(ThreadState& ts, Obj self, Args) {
  OURO_TRY(view_of(self)->check_usable(ts));
  return memoryview_list(ts, view_of(self));
}

ObjResult release_method(ThreadState& ts, Obj self, Args) {
  MemoryView* view = view_of(self);
  if (view->exports > 0) {
    return raise(ts, ts.core.exceptions.BufferError, "memoryview has {} exported buffer{}",
                 view->exports, view->exports == 1 ? "" : "s");
  }
  release_view(view);
  return ts.core.none_ref();
}

ObjResult enter_method(ThreadState& ts, Obj self, Args) {
  OURO_TRY(view_of(self)->check_usable(ts));
  return self.new_ref();
}

ObjResult toreadonly_method(ThreadState& ts, Obj self, Args) {
  OURO_TRY(view_of(self)->check_usable(ts));
  Ref<MemoryView> made = OURO_TRY(copy_view(ts, view_of(self)));
  made->read_only = true;
  return made;
}

ObjResult hex_method(ThreadState& ts, Obj self, Args args) {
  OURO_TRY(view_of(self)->check_usable(ts));
  Ref<Bytes> bytes = OURO_TRY(copy_bytes(ts, view_of(self)));
  return hex_text(ts, bytes->view(), args);
}

// -- cast
// ----------------------------------------------------------------------------------------------------------------

bool is_byte_code(char code) { return code == 'B' || code == 'b' || code == 'c'; }

/// "I" or "@I" into `out`; false when it is no native single character format.
bool read_format(const Str* text, char (&out)[3]) {
  if (!text->is_ascii() || text->length < 1 || text->length > 2) return false;
  for (std::int64_t i = 0; i < text->length; ++i) out[i] = static_cast<char>(text->at(i));
  const char code = out[text->length - 1];
  return (text->length == 1 || out[0] == '@') && code != '\0' && memory_item_bytes(code) != 0;
}

/// The extents asked for, whose product times `item_bytes` has to be `total_bytes`.
struct Shape {
  std::int64_t extents[kMaxDimensions];
  std::int64_t count = 0;

  Status read(ThreadState& ts, std::span<Object* const> items, std::int64_t item_bytes,
              std::int64_t total_bytes) {
    std::int64_t product = 1;
    for (Object* item : items) {
      if (!is_int(item)) {
        return raise_type_error(ts, "memoryview.cast(): elements of shape must be integers");
      }
      const std::int64_t extent = OURO_TRY(int_as_int64(ts, item));
      if (extent <= 0) {
        return raise_value_error(ts, "memoryview.cast(): elements of shape must be integers > 0");
      }
      if (__builtin_mul_overflow(product, extent, &product)) {
        return raise_value_error(ts, "memoryview.cast(): product(shape) > SSIZE_MAX");
      }
      extents[count++] = extent;
    }
    if (__builtin_mul_overflow(product, item_bytes, &product) || product != total_bytes) {
      return raise_type_error(ts, "memoryview: product(shape) * itemsize != buffer size");
    }
    return kDone;
  }
};

Status give_shape(ThreadState& ts, MemoryView* view, const Shape& shape) {
  view->length = shape.extents[0];
  view->dimensions = static_cast<std::int16_t>(shape.count);
  if (shape.count > 1) {
    const std::size_t bytes = static_cast<std::size_t>(shape.count - 1) * sizeof(std::int64_t);
    view->inner_shape = static_cast<std::int64_t*>(allocate_raw(bytes));
    if (view->inner_shape == nullptr) return raise_no_memory(ts);
    std::memcpy(view->inner_shape, shape.extents + 1, bytes);
    for (std::int64_t i = 1; i < shape.count; ++i) view->row_items *= shape.extents[i];
  }
  view->step = view->row_bytes();
  return kDone;
}

Result<Shape> read_shape(ThreadState& ts, Obj given, const MemoryView* view,
                         std::int64_t item_bytes) {
  Shape shape;
  if (!given) {
    shape.extents[shape.count++] = view->total_bytes() / item_bytes;
    return shape;
  }
  if (!is_list(given) && !is_tuple(given)) {
    return raise_type_error(ts, "shape must be a list or a tuple");
  }
  const std::span<Object* const> items = fast_items(given);
  if (items.size() > kMaxDimensions) {
    return raise_value_error(ts, "memoryview: number of dimensions must not exceed 64");
  }
  if (view->dimensions != 1 && items.size() != 1) {
    return raise_type_error(ts, "memoryview: cast must be 1D -> ND or ND -> 1D");
  }
  if (items.empty() && view->total_bytes() == item_bytes) {
    return raise(ts, ts.core.exceptions.NotImplementedError,
                 "memoryview: views without dimensions are not supported");
  }
  OURO_TRY(shape.read(ts, items, item_bytes, view->total_bytes()));
  return shape;
}

ObjResult cast_method(ThreadState& ts, Obj self, Args args) {
  Obj given[2];
  OURO_TRY(parse_args(ts, args, "cast", {"format", "shape"}, 1, given));
  MemoryView* view = view_of(self);
  if (!is_str(given[0])) {
    return raise_type_error(ts, "cast() argument 'format' must be str, not {n}", given[0]);
  }
  OURO_TRY(view->check_usable(ts));
  if (!view->is_contiguous()) {
    return raise_type_error(ts, "memoryview: casts are restricted to C-contiguous views");
  }
  if ((given[1] || view->dimensions != 1) && view->length == 0) {
    return raise_type_error(ts, "memoryview: cannot cast view with zeros in shape or strides");
  }
  char format[3] = {};
  if (!read_format(as<Str>(given[0]), format)) {
    return raise_value_error(
        ts,
        "memoryview: destination format must be a native single character format prefixed with "
        "an optional '@'");
  }
  const char code = format[0] == '@' ? format[1] : format[0];
  if (!is_byte_code(code) && !is_byte_code(view->code())) {
    return raise_type_error(ts, "memoryview: cannot cast between two non-byte formats");
  }
  const std::int64_t item_bytes = memory_item_bytes(code);
  if (view->total_bytes() % item_bytes != 0) {
    return raise_type_error(ts, "memoryview: length is not a multiple of itemsize");
  }
  const Shape shape = OURO_TRY(read_shape(ts, given[1], view, item_bytes));
  Ref<MemoryView> made = OURO_TRY(copy_view(ts, view));
  free_raw(std::exchange(made->inner_shape, nullptr));
  made->row_items = 1;
  std::memcpy(made->format, format, sizeof made->format);
  OURO_TRY(give_shape(ts, made.get(), shape));
  return made;
}

}  // namespace

constexpr MethodDef kMemoryViewMethods[] = {
    {"__enter__", enter_method, 0, 0, 0, nullptr},
    {"__exit__", release_method, 0, -1, 0, nullptr},
    {"cast", cast_method, 0, -1, MethodDef::kKeywords,
     "cast($self, /, format, *, shape)\n--\n\nReturn a view of the same memory with another format "
     "or shape."},
    {"hex", hex_method, 0, -1, MethodDef::kKeywords,
     "hex($self, /, sep=<unrepresentable>, bytes_per_sep=1)\n--\n\nReturn the bytes as hexadecimal "
     "digits.\n\n>>> memoryview(b'\\x0a\\xff\\x10').hex('-')\n'0a-ff-10'"},
    {"release", release_method, 0, 0, 0,
     "release($self, /)\n--\n\nGive up the view of the object."},
    {"tobytes", tobytes_method, 0, -1, MethodDef::kKeywords,
     "tobytes($self, /, order='C')\n--\n\nReturn the content as bytes."},
    {"tolist", tolist_method, 0, 0, 0,
     "tolist($self, /)\n--\n\nReturn the content as a list of items."},
    {"toreadonly", toreadonly_method, 0, 0, 0,
     "toreadonly($self, /)\n--\n\nReturn a read-only view of the same memory."},
    {nullptr, nullptr, 0, 0, 0, nullptr},
};

// -- attributes
// ----------------------------------------------------------------------------------------------------------

namespace {

/// Getters: `kGet(ts, view)` for a view that is usable.
template <auto kGet>
ObjResult getter(ThreadState& ts, Obj self) {
  OURO_TRY(view_of(self)->check_usable(ts));
  return kGet(ts, view_of(self));
}

ObjResult get_object(ThreadState&, MemoryView* view) { return ObjRef::share(view->buffer->object); }
ObjResult get_bytes(ThreadState& ts, MemoryView* view) {
  return int_result(ts, view->total_bytes());
}
ObjResult get_item_bytes(ThreadState& ts, MemoryView* view) {
  return int_result(ts, view->item_bytes());
}
ObjResult get_dimensions(ThreadState& ts, MemoryView* view) {
  return int_result(ts, view->dimensions);
}
ObjResult get_format(ThreadState& ts, MemoryView* view) { return Str::from_utf8(ts, view->format); }
ObjResult get_read_only(ThreadState& ts, MemoryView* view) {
  return ts.core.bool_ref(view->read_only);
}
ObjResult get_contiguous(ThreadState& ts, MemoryView* view) {
  return ts.core.bool_ref(view->is_contiguous());
}
/// Rows lie one after the other: columns only do when there is one row or one dimension.
ObjResult get_f_contiguous(ThreadState& ts, MemoryView* view) {
  const bool one_dimension = view->row_items == 1 || view->length == 1;
  return ts.core.bool_ref(view->is_contiguous() && (view->length == 0 || one_dimension));
}
ObjResult get_shape(ThreadState& ts, MemoryView* view) {
  const Ref<MemoryView> held = Ref<MemoryView>::share(view);
  Ref<Tuple> shape = OURO_TRY(Tuple::make(ts, held->dimensions));
  for (int i = 0; i < held->dimensions; ++i) {
    const std::int64_t extent = i == 0 ? held->length : held->inner_shape[i - 1];
    shape->items[i] = OURO_TRY(Int::from(ts, extent)).release();
  }
  return shape;
}
ObjResult get_strides(ThreadState& ts, MemoryView* view) {
  const Ref<MemoryView> held = Ref<MemoryView>::share(view);
  Ref<Tuple> strides = OURO_TRY(Tuple::make(ts, held->dimensions));
  std::int64_t stride = held->row_bytes();
  for (int i = 0; i < held->dimensions; ++i) {
    if (i > 0) stride /= held->inner_shape[i - 1];
    strides->items[i] = OURO_TRY(Int::from(ts, i == 0 ? held->step : stride)).release();
  }
  return strides;
}
ObjResult get_suboffsets(ThreadState& ts, MemoryView*) {
  return Ref<Tuple>::share(ts.core.empty_tuple);
}

}  // namespace

constexpr GetSetDef kMemoryViewGetSets[] = {
    {"c_contiguous", getter<get_contiguous>, nullptr, "Whether rows lie side by side."},
    {"contiguous", getter<get_contiguous>, nullptr, "Whether the memory is contiguous."},
    {"f_contiguous", getter<get_f_contiguous>, nullptr, "Whether columns lie side by side."},
    {"format", getter<get_format>, nullptr, "The format of an item, as for struct."},
    {"itemsize", getter<get_item_bytes>, nullptr, "The bytes of an item."},
    {"nbytes", getter<get_bytes>, nullptr, "The bytes the view shows."},
    {"ndim", getter<get_dimensions>, nullptr, "The number of dimensions."},
    {"obj", getter<get_object>, nullptr, "The object looked at."},
    {"readonly", getter<get_read_only>, nullptr, "Whether the memory is read only."},
    {"shape", getter<get_shape>, nullptr, "The items in each dimension."},
    {"strides", getter<get_strides>, nullptr,
     "The bytes from an item to the next in each dimension."},
    {"suboffsets", getter<get_suboffsets>, nullptr, "Empty: there are no indirections."},
    {nullptr, nullptr, nullptr, nullptr},
};

}  // namespace ouro
