// ast.dump() in C++: one function per kind of node group, fields in the order of the grammar.
#include "syntax/ast_dump.h"

#include <charconv>
#include <cmath>
#include <vector>

#include "syntax/source_text.h"
#include "syntax/unicode_names.h"

namespace ouro::syntax {
namespace {

constexpr int kMaxDepth = 3000;

constexpr const char* kOperatorNames[] = {"Add",    "Sub",    "Mult",    "MatMult", "Div",
                                          "Mod",    "Pow",    "LShift",  "RShift",  "BitOr",
                                          "BitXor", "BitAnd", "FloorDiv"};
constexpr const char* kUnaryNames[] = {"Invert", "Not", "UAdd", "USub"};
constexpr const char* kBoolNames[] = {"And", "Or"};
constexpr const char* kCmpNames[] = {"Eq",  "NotEq", "Lt",    "LtE", "Gt",
                                     "GtE", "Is",    "IsNot", "In",  "NotIn"};
constexpr const char* kContextNames[] = {"Load", "Store", "Del"};

void append_number(std::pmr::string& out, long long value) {
  char digits[24];
  auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
  out.append(digits, static_cast<std::size_t>(end - digits));
}

void append_hex(std::pmr::string& out, char32_t value, int width) {
  for (int shift = (width - 1) * 4; shift >= 0; shift -= 4) {
    out.push_back("0123456789abcdef"[(value >> shift) & 15]);
  }
}

/// Digits in `base` to decimal, nine decimal digits at a time.
void append_int(std::string_view digits, int base, std::pmr::string& out) {
  if (base == 10) {
    std::size_t first = digits.find_first_not_of('0');
    out.append(first == std::string_view::npos ? "0" : digits.substr(first));
    return;
  }
  constexpr std::uint64_t kLimb = 1000000000;
  std::pmr::vector<std::uint32_t> limbs(out.get_allocator());
  for (char c : digits) {
    std::uint64_t carry = static_cast<std::uint64_t>(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
    for (std::uint32_t& limb : limbs) {
      std::uint64_t value = limb * static_cast<std::uint64_t>(base) + carry;
      limb = static_cast<std::uint32_t>(value % kLimb);
      carry = value / kLimb;
    }
    if (carry != 0) limbs.push_back(static_cast<std::uint32_t>(carry));
  }
  if (limbs.empty()) {
    out.push_back('0');
    return;
  }
  append_number(out, limbs.back());
  for (std::size_t i = limbs.size() - 1; i-- > 0;) {
    std::uint32_t limb = limbs[i];
    for (std::uint32_t unit = kLimb / 10; unit != 0; unit /= 10) {
      out.push_back(static_cast<char>('0' + limb / unit % 10));
    }
  }
}

/// Python's repr(float); `bare` leaves out the ".0" of whole numbers (as in complex).
void append_float(double value, bool bare, std::pmr::string& out) {
  if (std::isinf(value)) {
    out.append("inf");
    return;
  }
  char text[40];
  auto end = std::to_chars(text, text + sizeof text, value, std::chars_format::scientific).ptr;
  std::string_view scientific(text, static_cast<std::size_t>(end - text));
  std::size_t e = scientific.find('e');
  int exponent = 0;
  std::string_view exponent_text = scientific.substr(e + 1);
  if (exponent_text[0] == '+') exponent_text.remove_prefix(1);
  std::from_chars(exponent_text.data(), exponent_text.data() + exponent_text.size(), exponent);
  char digits[32];
  int count = 0;
  for (char c : scientific.substr(0, e)) {
    if (c != '.') digits[count++] = c;
  }
  if (exponent < -4 || exponent >= 16) {
    out.push_back(digits[0]);
    if (count > 1) {
      out.push_back('.');
      out.append(digits + 1, static_cast<std::size_t>(count - 1));
    }
    out.append(exponent < 0 ? "e-" : "e+");
    int magnitude = exponent < 0 ? -exponent : exponent;
    if (magnitude < 10) out.push_back('0');
    append_number(out, magnitude);
    return;
  }
  if (exponent < 0) {
    out.append("0.");
    out.append(static_cast<std::size_t>(-exponent - 1), '0');
    out.append(digits, static_cast<std::size_t>(count));
    return;
  }
  for (int i = 0; i < count || i <= exponent; ++i) {
    if (i == exponent + 1) out.push_back('.');
    out.push_back(i < count ? digits[i] : '0');
  }
  if (count <= exponent + 1 && !bare) out.append(".0");
}

char best_quote(std::string_view text) {
  return text.find('\'') != std::string_view::npos && text.find('"') == std::string_view::npos
             ? '"'
             : '\'';
}

/// The escapes str and bytes share; false when `c` needs none of them.
bool append_common_escape(char32_t c, char quote, std::pmr::string& out) {
  switch (c) {
    case '\\':
      out.append("\\\\");
      return true;
    case '\n':
      out.append("\\n");
      return true;
    case '\r':
      out.append("\\r");
      return true;
    case '\t':
      out.append("\\t");
      return true;
    default:
      break;
  }
  if (c != static_cast<char32_t>(quote)) return false;
  out.push_back('\\');
  out.push_back(quote);
  return true;
}

void append_str(std::string_view text, std::pmr::string& out) {
  char quote = best_quote(text);
  out.push_back(quote);
  for (std::size_t i = 0; i < text.size();) {
    std::size_t begin = i;
    char32_t c = decode_char(text, i);
    if (append_common_escape(c, quote, out)) continue;
    if (c >= 0x20 && c != 0x7F && (c < 0x7F || is_printable(c))) {
      out.append(text.substr(begin, i - begin));
    } else {
      int width = c < 0x100 ? 2 : c < 0x10000 ? 4 : 8;
      out.append(width == 2 ? "\\x" : width == 4 ? "\\u" : "\\U");
      append_hex(out, c, width);
    }
  }
  out.push_back(quote);
}

void append_bytes(std::string_view text, std::pmr::string& out) {
  char quote = best_quote(text);
  out.push_back('b');
  out.push_back(quote);
  for (char byte : text) {
    auto c = static_cast<unsigned char>(byte);
    if (append_common_escape(c, quote, out)) continue;
    if (c >= 0x20 && c < 0x7F) {
      out.push_back(byte);
    } else {
      out.append("\\x");
      append_hex(out, c, 2);
    }
  }
  out.push_back(quote);
}

class Dumper {
 public:
  Dumper(DumpOptions options, std::pmr::string& out) : options_(options), out_(out) {}

  bool ok() const { return ok_; }

  void mod(const Mod& node) {
    switch (node.kind) {
      case ModKind::Module:
        open("Module");
        break;
      case ModKind::Interactive:
        open("Interactive");
        break;
      case ModKind::Expression:
        open("Expression");
        break;
    }
    if (node.kind == ModKind::Expression) {
      field("body", node.expression);
    } else {
      list("body", node.body);
    }
    if (node.kind == ModKind::Module) raw("type_ignores", "[]");
    out_.push_back(')');
    first_ = false;
  }

 private:
  void open(const char* name) {
    out_.append(name);
    out_.push_back('(');
    first_ = true;
  }
  void close() {
    out_.push_back(')');
    first_ = false;
  }
  void close(const Span& span) {
    if (options_.include_attributes) {
      number("lineno", span.line);
      number("col_offset", span.col);
      number("end_lineno", span.end_line);
      number("end_col_offset", span.end_col);
    }
    close();
  }
  void name(const char* field_name) {
    if (!first_) out_.append(", ");
    first_ = false;
    out_.append(field_name);
    out_.push_back('=');
  }
  void raw(const char* field_name, std::string_view text) {
    name(field_name);
    out_.append(text);
  }
  void number(const char* field_name, int value) {
    name(field_name);
    append_number(out_, value);
  }
  void symbol(const char* field_name, const char* text) {
    name(field_name);
    out_.append(text);
    out_.append("()");
  }
  void context(ExprContext ctx) { symbol("ctx", kContextNames[static_cast<int>(ctx)]); }
  void identifier(const char* field_name, Identifier id) {
    if (id.empty()) return;
    name(field_name);
    append_str(id, out_);
  }
  void identifiers(const char* field_name, Seq<Identifier> ids) {
    name(field_name);
    out_.push_back('[');
    for (std::size_t i = 0; i < ids.size(); ++i) {
      if (i != 0) out_.append(", ");
      append_str(ids[i], out_);
    }
    out_.push_back(']');
  }
  /// Left out when null.
  template <class T>
  void field(const char* field_name, const T* node) {
    if (node == nullptr) return;
    name(field_name);
    write(*node);
  }
  template <class T>
  void list(const char* field_name, Seq<T*> nodes) {
    name(field_name);
    out_.push_back('[');
    for (std::size_t i = 0; i < nodes.size() && ok_; ++i) {
      if (i != 0) out_.append(", ");
      if (nodes[i] == nullptr) {
        out_.append("None");
      } else {
        write(*nodes[i]);
      }
    }
    out_.push_back(']');
    first_ = false;
  }

  template <class T>
  void write(const T& node) {
    if (++depth_ > kMaxDepth) ok_ = false;
    if (ok_) node_text(node);
    --depth_;
  }

  void node_text(const Arg& node) {
    open("arg");
    identifier("arg", node.arg);
    field("annotation", node.annotation);
    close(node.span);
  }
  void node_text(const Arguments& node) {
    open("arguments");
    list("posonlyargs", node.posonlyargs);
    list("args", node.args);
    field("vararg", node.vararg);
    list("kwonlyargs", node.kwonlyargs);
    list("kw_defaults", node.kw_defaults);
    field("kwarg", node.kwarg);
    list("defaults", node.defaults);
    close();
  }
  void node_text(const Keyword& node) {
    open("keyword");
    identifier("arg", node.arg);
    field("value", node.value);
    close(node.span);
  }
  void node_text(const Alias& node) {
    open("alias");
    identifier("name", node.name);
    identifier("asname", node.asname);
    close(node.span);
  }
  void node_text(const WithItem& node) {
    open("withitem");
    field("context_expr", node.context_expr);
    field("optional_vars", node.optional_vars);
    close();
  }
  void node_text(const Comprehension& node) {
    open("comprehension");
    field("target", node.target);
    field("iter", node.iter);
    list("ifs", node.ifs);
    number("is_async", node.is_async ? 1 : 0);
    close();
  }
  void node_text(const ExceptHandler& node) {
    open("ExceptHandler");
    field("type", node.type);
    identifier("name", node.name);
    list("body", node.body);
    close(node.span);
  }
  void node_text(const MatchCase& node) {
    open("match_case");
    field("pattern", node.pattern);
    field("guard", node.guard);
    list("body", node.body);
    close();
  }
  void node_text(const Expr& node);
  void node_text(const Stmt& node);
  void node_text(const Pattern& node);
  void constant(const Constant& node) {
    name("value");
    append_constant_repr(node.value, out_);
    if (node.u_prefix) raw("kind", "'u'");
  }
  template <class T>
  void comprehension(const char* node_name, const T& node) {
    open(node_name);
    field("elt", node.elt);
    list("generators", node.generators);
  }
  template <class T>
  void function(const char* node_name, const T& node) {
    open(node_name);
    identifier("name", node.name);
    field("args", node.args);
    list("body", node.body);
    list("decorator_list", node.decorator_list);
    field("returns", node.returns);
  }
  template <class T>
  void loop(const char* node_name, const T& node) {
    open(node_name);
    field("target", node.target);
    field("iter", node.iter);
    list("body", node.body);
    list("orelse", node.orelse);
  }
  template <class T>
  void with(const char* node_name, const T& node) {
    open(node_name);
    list("items", node.items);
    list("body", node.body);
  }
  template <class T>
  void try_(const char* node_name, const T& node) {
    open(node_name);
    list("body", node.body);
    list("handlers", node.handlers);
    list("orelse", node.orelse);
    list("finalbody", node.finalbody);
  }
  template <class T>
  void elements(const char* node_name, const T& node) {
    open(node_name);
    list("elts", node.elts);
    context(node.ctx);
  }
  template <class T>
  void valued(const char* node_name, const T& node) {
    open(node_name);
    field("value", node.value);
  }

  DumpOptions options_;
  std::pmr::string& out_;
  int depth_ = 0;
  bool first_ = true;
  bool ok_ = true;
};

void Dumper::node_text(const Expr& e) {
  switch (e.kind) {
    case ExprKind::BoolOp: {
      const auto& node = as<BoolOp>(e);
      open("BoolOp");
      symbol("op", kBoolNames[static_cast<int>(node.op)]);
      list("values", node.values);
      break;
    }
    case ExprKind::NamedExpr:
      open("NamedExpr");
      field("target", as<NamedExpr>(e).target);
      field("value", as<NamedExpr>(e).value);
      break;
    case ExprKind::BinOp: {
      const auto& node = as<BinOp>(e);
      open("BinOp");
      field("left", node.left);
      symbol("op", kOperatorNames[static_cast<int>(node.op)]);
      field("right", node.right);
      break;
    }
    case ExprKind::UnaryOp:
      open("UnaryOp");
      symbol("op", kUnaryNames[static_cast<int>(as<UnaryOp>(e).op)]);
      field("operand", as<UnaryOp>(e).operand);
      break;
    case ExprKind::Lambda:
      open("Lambda");
      field("args", as<Lambda>(e).args);
      field("body", as<Lambda>(e).body);
      break;
    case ExprKind::IfExp:
      open("IfExp");
      field("test", as<IfExp>(e).test);
      field("body", as<IfExp>(e).body);
      field("orelse", as<IfExp>(e).orelse);
      break;
    case ExprKind::Dict:
      open("Dict");
      list("keys", as<Dict>(e).keys);
      list("values", as<Dict>(e).values);
      break;
    case ExprKind::Set:
      open("Set");
      list("elts", as<Set>(e).elts);
      break;
    case ExprKind::ListComp:
      comprehension("ListComp", as<ListComp>(e));
      break;
    case ExprKind::SetComp:
      comprehension("SetComp", as<SetComp>(e));
      break;
    case ExprKind::GeneratorExp:
      comprehension("GeneratorExp", as<GeneratorExp>(e));
      break;
    case ExprKind::DictComp:
      open("DictComp");
      field("key", as<DictComp>(e).key);
      field("value", as<DictComp>(e).value);
      list("generators", as<DictComp>(e).generators);
      break;
    case ExprKind::Await:
      valued("Await", as<Await>(e));
      break;
    case ExprKind::Yield:
      valued("Yield", as<Yield>(e));
      break;
    case ExprKind::YieldFrom:
      valued("YieldFrom", as<YieldFrom>(e));
      break;
    case ExprKind::Compare: {
      const auto& node = as<Compare>(e);
      open("Compare");
      field("left", node.left);
      name("ops");
      out_.push_back('[');
      for (std::size_t i = 0; i < node.ops.size(); ++i) {
        if (i != 0) out_.append(", ");
        out_.append(kCmpNames[static_cast<int>(node.ops[i])]);
        out_.append("()");
      }
      out_.push_back(']');
      list("comparators", node.comparators);
      break;
    }
    case ExprKind::Call:
      open("Call");
      field("func", as<Call>(e).func);
      list("args", as<Call>(e).args);
      list("keywords", as<Call>(e).keywords);
      break;
    case ExprKind::FormattedValue:
      valued("FormattedValue", as<FormattedValue>(e));
      number("conversion", as<FormattedValue>(e).conversion);
      field("format_spec", as<FormattedValue>(e).format_spec);
      break;
    case ExprKind::JoinedStr:
      open("JoinedStr");
      list("values", as<JoinedStr>(e).values);
      break;
    case ExprKind::Constant:
      open("Constant");
      constant(as<Constant>(e));
      break;
    case ExprKind::Attribute:
      valued("Attribute", as<Attribute>(e));
      identifier("attr", as<Attribute>(e).attr);
      context(as<Attribute>(e).ctx);
      break;
    case ExprKind::Subscript:
      valued("Subscript", as<Subscript>(e));
      field("slice", as<Subscript>(e).slice);
      context(as<Subscript>(e).ctx);
      break;
    case ExprKind::Starred:
      valued("Starred", as<Starred>(e));
      context(as<Starred>(e).ctx);
      break;
    case ExprKind::Name:
      open("Name");
      identifier("id", as<Name>(e).id);
      context(as<Name>(e).ctx);
      break;
    case ExprKind::List:
      elements("List", as<List>(e));
      break;
    case ExprKind::Tuple:
      elements("Tuple", as<Tuple>(e));
      break;
    case ExprKind::Slice:
      open("Slice");
      field("lower", as<Slice>(e).lower);
      field("upper", as<Slice>(e).upper);
      field("step", as<Slice>(e).step);
      break;
  }
  close(e.span);
}

void Dumper::node_text(const Stmt& s) {
  switch (s.kind) {
    case StmtKind::FunctionDef:
      function("FunctionDef", as<FunctionDef>(s));
      break;
    case StmtKind::AsyncFunctionDef:
      function("AsyncFunctionDef", as<AsyncFunctionDef>(s));
      break;
    case StmtKind::ClassDef: {
      const auto& node = as<ClassDef>(s);
      open("ClassDef");
      identifier("name", node.name);
      list("bases", node.bases);
      list("keywords", node.keywords);
      list("body", node.body);
      list("decorator_list", node.decorator_list);
      break;
    }
    case StmtKind::Return:
      valued("Return", as<Return>(s));
      break;
    case StmtKind::Delete:
      open("Delete");
      list("targets", as<Delete>(s).targets);
      break;
    case StmtKind::Assign:
      open("Assign");
      list("targets", as<Assign>(s).targets);
      field("value", as<Assign>(s).value);
      break;
    case StmtKind::AugAssign:
      open("AugAssign");
      field("target", as<AugAssign>(s).target);
      symbol("op", kOperatorNames[static_cast<int>(as<AugAssign>(s).op)]);
      field("value", as<AugAssign>(s).value);
      break;
    case StmtKind::AnnAssign:
      open("AnnAssign");
      field("target", as<AnnAssign>(s).target);
      field("annotation", as<AnnAssign>(s).annotation);
      field("value", as<AnnAssign>(s).value);
      number("simple", as<AnnAssign>(s).simple ? 1 : 0);
      break;
    case StmtKind::For:
      loop("For", as<For>(s));
      break;
    case StmtKind::AsyncFor:
      loop("AsyncFor", as<AsyncFor>(s));
      break;
    case StmtKind::While:
      open("While");
      field("test", as<While>(s).test);
      list("body", as<While>(s).body);
      list("orelse", as<While>(s).orelse);
      break;
    case StmtKind::If:
      open("If");
      field("test", as<If>(s).test);
      list("body", as<If>(s).body);
      list("orelse", as<If>(s).orelse);
      break;
    case StmtKind::With:
      with("With", as<With>(s));
      break;
    case StmtKind::AsyncWith:
      with("AsyncWith", as<AsyncWith>(s));
      break;
    case StmtKind::Match:
      open("Match");
      field("subject", as<Match>(s).subject);
      list("cases", as<Match>(s).cases);
      break;
    case StmtKind::Raise:
      open("Raise");
      field("exc", as<Raise>(s).exc);
      field("cause", as<Raise>(s).cause);
      break;
    case StmtKind::Try:
      try_("Try", as<Try>(s));
      break;
    case StmtKind::TryStar:
      try_("TryStar", as<TryStar>(s));
      break;
    case StmtKind::Assert:
      open("Assert");
      field("test", as<Assert>(s).test);
      field("msg", as<Assert>(s).msg);
      break;
    case StmtKind::Import:
      open("Import");
      list("names", as<Import>(s).names);
      break;
    case StmtKind::ImportFrom:
      open("ImportFrom");
      identifier("module", as<ImportFrom>(s).module);
      list("names", as<ImportFrom>(s).names);
      number("level", as<ImportFrom>(s).level);
      break;
    case StmtKind::Global:
      open("Global");
      identifiers("names", as<Global>(s).names);
      break;
    case StmtKind::Nonlocal:
      open("Nonlocal");
      identifiers("names", as<Nonlocal>(s).names);
      break;
    case StmtKind::Expr:
      valued("Expr", as<ExprStmt>(s));
      break;
    case StmtKind::Pass:
      open("Pass");
      break;
    case StmtKind::Break:
      open("Break");
      break;
    case StmtKind::Continue:
      open("Continue");
      break;
  }
  close(s.span);
}

void Dumper::node_text(const Pattern& p) {
  switch (p.kind) {
    case PatternKind::MatchValue:
      valued("MatchValue", as<MatchValue>(p));
      break;
    case PatternKind::MatchSingleton:
      open("MatchSingleton");
      switch (as<MatchSingleton>(p).value) {
        case ConstantTag::True:
          raw("value", "True");
          break;
        case ConstantTag::False:
          raw("value", "False");
          break;
        default:
          raw("value", "None");
          break;
      }
      break;
    case PatternKind::MatchSequence:
      open("MatchSequence");
      list("patterns", as<MatchSequence>(p).patterns);
      break;
    case PatternKind::MatchMapping:
      open("MatchMapping");
      list("keys", as<MatchMapping>(p).keys);
      list("patterns", as<MatchMapping>(p).patterns);
      identifier("rest", as<MatchMapping>(p).rest);
      break;
    case PatternKind::MatchClass: {
      const auto& node = as<MatchClass>(p);
      open("MatchClass");
      field("cls", node.cls);
      list("patterns", node.patterns);
      identifiers("kwd_attrs", node.kwd_attrs);
      list("kwd_patterns", node.kwd_patterns);
      break;
    }
    case PatternKind::MatchStar:
      open("MatchStar");
      identifier("name", as<MatchStar>(p).name);
      break;
    case PatternKind::MatchAs:
      open("MatchAs");
      field("pattern", as<MatchAs>(p).pattern);
      identifier("name", as<MatchAs>(p).name);
      break;
    case PatternKind::MatchOr:
      open("MatchOr");
      list("patterns", as<MatchOr>(p).patterns);
      break;
  }
  close(p.span);
}

}  // namespace

void append_constant_repr(const ConstantValue& value, std::pmr::string& out) {
  switch (value.tag) {
    case ConstantTag::None:
      out.append("None");
      break;
    case ConstantTag::True:
      out.append("True");
      break;
    case ConstantTag::False:
      out.append("False");
      break;
    case ConstantTag::Ellipsis:
      out.append("Ellipsis");
      break;
    case ConstantTag::Int:
      append_int(value.text, value.base, out);
      break;
    case ConstantTag::Float:
      append_float(value.number, false, out);
      break;
    case ConstantTag::Imaginary:
      append_float(value.number, true, out);
      out.push_back('j');
      break;
    case ConstantTag::Str:
      append_str(value.text, out);
      break;
    case ConstantTag::Bytes:
      append_bytes(value.text, out);
      break;
    case ConstantTag::Attached:
      out.append("<attached>");
      break;
  }
}

bool dump(const Ast& ast, DumpOptions options, std::pmr::string& out) {
  if (ast.root() == nullptr) return true;
  Dumper dumper(options, out);
  dumper.mod(*ast.root());
  return dumper.ok();
}

}  // namespace ouro::syntax
