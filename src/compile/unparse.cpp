// Expressions back to text, as `from __future__ import annotations` stores them.
//
// Parentheses are put where the reading would change without them and nowhere else; strings are
// written by repr; spaces stand around binary operators. The text reads back to the same tree.
#include <cmath>
#include <string>

#include "compile/compiler.h"
#include "objects/bytes.h"

namespace ouro::compile {

using syntax::ExprKind;
using syntax::Seq;

namespace {

/// How tightly the place where an expression stands holds it; an operator looser than its place
/// needs parentheses.
enum Level : int {
  kTuple,
  kTest,
  kOr,
  kAnd,
  kNot,
  kCompare,
  kBitOr,
  kBitXor,
  kBitAnd,
  kShift,
  kArithmetic,
  kTerm,
  kFactor,
  kPower,
  kAwait,
  kAtom,
};

constexpr Level tighter(Level level) { return static_cast<Level>(level + 1); }

struct BinaryForm {
  const char* text;
  Level level;
  bool right_first = false;  // a ** b ** c is a ** (b ** c)
};

BinaryForm binary_form(syntax::Operator op) {
  switch (op) {
    case syntax::Operator::Add:
      return {" + ", kArithmetic};
    case syntax::Operator::Sub:
      return {" - ", kArithmetic};
    case syntax::Operator::Mult:
      return {" * ", kTerm};
    case syntax::Operator::MatMult:
      return {" @ ", kTerm};
    case syntax::Operator::Div:
      return {" / ", kTerm};
    case syntax::Operator::Mod:
      return {" % ", kTerm};
    case syntax::Operator::LShift:
      return {" << ", kShift};
    case syntax::Operator::RShift:
      return {" >> ", kShift};
    case syntax::Operator::BitOr:
      return {" | ", kBitOr};
    case syntax::Operator::BitXor:
      return {" ^ ", kBitXor};
    case syntax::Operator::BitAnd:
      return {" & ", kBitAnd};
    case syntax::Operator::FloorDiv:
      return {" // ", kTerm};
    case syntax::Operator::Pow:
      break;
  }
  return {" ** ", kPower, true};
}

const char* compare_text(syntax::CmpOperator op) {
  switch (op) {
    case syntax::CmpOperator::Eq:
      return " == ";
    case syntax::CmpOperator::NotEq:
      return " != ";
    case syntax::CmpOperator::Lt:
      return " < ";
    case syntax::CmpOperator::LtE:
      return " <= ";
    case syntax::CmpOperator::Gt:
      return " > ";
    case syntax::CmpOperator::GtE:
      return " >= ";
    case syntax::CmpOperator::Is:
      return " is ";
    case syntax::CmpOperator::IsNot:
      return " is not ";
    case syntax::CmpOperator::In:
      return " in ";
    case syntax::CmpOperator::NotIn:
      break;
  }
  return " not in ";
}

class Unparser {
 public:
  explicit Unparser(Context& context) : context_(context), out_(&context.scratch) {}

  void write(const Expr& expr, Level level);
  [[nodiscard]] std::string_view text() const { return out_; }

 private:
  void put(std::string_view text) { out_ += text; }
  void write_list(const Seq<Expr*>& list, Level level = kTest) {
    for (std::size_t i = 0; i < list.size(); ++i) {
      if (i > 0) put(", ");
      write(*list[i], level);
    }
  }
  template <class Write>
  void parenthesized(bool needed, Write content) {
    if (needed) put("(");
    content();
    if (needed) put(")");
  }
  void write_bool_op(const syntax::BoolOp& expr, Level level);
  void write_bin_op(const syntax::BinOp& expr, Level level);
  void write_unary_op(const syntax::UnaryOp& expr, Level level);
  void write_lambda(const syntax::Lambda& expr, Level level);
  void write_arguments(const syntax::Arguments& args);
  void write_generators(const Seq<syntax::Comprehension*>& generators);
  void write_call(const syntax::Call& expr);
  void write_constant(Obj object);
  void write_attribute(const syntax::Attribute& expr);
  void write_tuple(const syntax::Tuple& expr, Level level);
  void write_slice(const syntax::Slice& expr);
  void write_joined(const syntax::JoinedStr& expr);
  void write_joined_parts(const Seq<Expr*>& values, bool in_spec);
  void write_formatted(const syntax::FormattedValue& expr);
  void write_repr(Obj object, bool is_inexact);
  void put_str(Borrowed<Str> text) {
    Utf8 utf8(text);
    if (!utf8.ok()) throw std::bad_alloc();
    put(utf8.view());
  }

  Context& context_;
  std::pmr::string out_;
};

void Unparser::write_bool_op(const syntax::BoolOp& expr, Level level) {
  bool is_and = expr.op == syntax::BoolOperator::And;
  Level own = is_and ? kAnd : kOr;
  parenthesized(level > own, [&] {
    for (std::size_t i = 0; i < expr.values.size(); ++i) {
      if (i > 0) put(is_and ? " and " : " or ");
      write(*expr.values[i], tighter(own));
    }
  });
}

void Unparser::write_bin_op(const syntax::BinOp& expr, Level level) {
  BinaryForm form = binary_form(expr.op);
  parenthesized(level > form.level, [&] {
    write(*expr.left, form.right_first ? tighter(form.level) : form.level);
    put(form.text);
    write(*expr.right, form.right_first ? form.level : tighter(form.level));
  });
}

void Unparser::write_unary_op(const syntax::UnaryOp& expr, Level level) {
  const char* text = "-";
  Level own = kFactor;
  switch (expr.op) {
    case syntax::UnaryOperator::Invert:
      text = "~";
      break;
    case syntax::UnaryOperator::Not:
      text = "not ";
      own = kNot;
      break;
    case syntax::UnaryOperator::UAdd:
      text = "+";
      break;
    case syntax::UnaryOperator::USub:
      break;
  }
  parenthesized(level > own, [&] {
    put(text);
    write(*expr.operand, own);
  });
}

void Unparser::write_arguments(const syntax::Arguments& args) {
  bool first = true;
  auto separate = [&] {
    if (!first) put(", ");
    first = false;
  };
  auto write_arg = [this](const syntax::Arg& arg) {
    put(arg.arg);
    if (arg.annotation == nullptr) return;
    put(": ");
    write(*arg.annotation, kTest);
  };
  std::size_t positional = args.posonlyargs.size() + args.args.size();
  for (std::size_t i = 0; i < positional; ++i) {
    separate();
    bool posonly = i < args.posonlyargs.size();
    write_arg(posonly ? *args.posonlyargs[i] : *args.args[i - args.posonlyargs.size()]);
    std::size_t without_default = positional - args.defaults.size();
    if (i >= without_default) {
      put("=");
      write(*args.defaults[i - without_default], kTest);
    }
    if (posonly && i + 1 == args.posonlyargs.size()) put(", /");
  }
  if (args.vararg != nullptr || !args.kwonlyargs.empty()) {
    separate();
    put("*");
    if (args.vararg != nullptr) write_arg(*args.vararg);
  }
  for (std::size_t i = 0; i < args.kwonlyargs.size(); ++i) {
    separate();
    write_arg(*args.kwonlyargs[i]);
    if (args.kw_defaults[i] == nullptr) continue;
    put("=");
    write(*args.kw_defaults[i], kTest);
  }
  if (args.kwarg != nullptr) {
    separate();
    put("**");
    write_arg(*args.kwarg);
  }
}

void Unparser::write_lambda(const syntax::Lambda& expr, Level level) {
  parenthesized(level > kTest, [&] {
    bool any = !expr.args->posonlyargs.empty() || !expr.args->args.empty() ||
               !expr.args->kwonlyargs.empty() || expr.args->vararg != nullptr ||
               expr.args->kwarg != nullptr;
    put(any ? "lambda " : "lambda");
    write_arguments(*expr.args);
    put(": ");
    write(*expr.body, kTest);
  });
}

void Unparser::write_generators(const Seq<syntax::Comprehension*>& generators) {
  for (const syntax::Comprehension* generator : generators) {
    put(generator->is_async ? " async for " : " for ");
    write(*generator->target, kTuple);
    put(" in ");
    write(*generator->iter, tighter(kTest));
    for (const Expr* condition : generator->ifs) {
      put(" if ");
      write(*condition, tighter(kTest));
    }
  }
}

void Unparser::write_call(const syntax::Call& expr) {
  write(*expr.func, kAtom);
  if (expr.args.size() == 1 && expr.keywords.empty() &&
      expr.args[0]->kind == ExprKind::GeneratorExp) {
    write(*expr.args[0], kTest);  // brings parentheses of its own
    return;
  }
  put("(");
  write_list(expr.args);
  bool first = expr.args.empty();
  for (const syntax::Keyword* keyword : expr.keywords) {
    if (!first) put(", ");
    first = false;
    put(keyword->arg.empty() ? "**" : keyword->arg);
    if (!keyword->arg.empty()) put("=");
    write(*keyword->value, kTest);
  }
  put(")");
}

/// repr, with infinity as a literal that is too large for a double.
void Unparser::write_repr(Obj object, bool is_inexact) {
  Ref<Str> text = must(repr_of(context_.ts, object));
  if (!is_inexact) {
    put_str(text);
    return;
  }
  std::string_view view = text->ascii();
  for (std::size_t at; (at = view.find("inf")) != view.npos; view.remove_prefix(at + 3)) {
    put(view.substr(0, at));
    put("1e309");
  }
  put(view);
}

void Unparser::write_constant(Obj object) {
  if (object == context_.ts.core.ellipsis) {
    put("...");
    return;
  }
  if (is_exact_tuple(object)) {
    const auto* tuple = as<Tuple>(object);
    put("(");
    for (std::int64_t i = 0; i < tuple->size; ++i) {
      if (i > 0) put(", ");
      write_constant(tuple->at(i));
    }
    put(tuple->size == 1 ? ",)" : ")");
    return;
  }
  bool is_inexact = (is_exact_float(object) && std::isinf(as<Float>(object)->value)) ||
                    is_kind(object, TypeKind::Complex);
  write_repr(object, is_inexact);
}

void Unparser::write_attribute(const syntax::Attribute& expr) {
  write(*expr.value, kAtom);
  // 1.real would read as a float.
  Object* value = constant_of(context_, expr.value);
  put(value != nullptr && is_exact_int(value) ? " ." : ".");
  put(expr.attr);
}

void Unparser::write_tuple(const syntax::Tuple& expr, Level level) {
  if (expr.elts.empty()) {
    put("()");
    return;
  }
  parenthesized(level > kTuple, [&] {
    write_list(expr.elts);
    if (expr.elts.size() == 1) put(",");
  });
}

void Unparser::write_slice(const syntax::Slice& expr) {
  if (expr.lower != nullptr) write(*expr.lower, kTest);
  put(":");
  if (expr.upper != nullptr) write(*expr.upper, kTest);
  if (expr.step != nullptr) {
    put(":");
    write(*expr.step, kTest);
  }
}

// ---- f-strings
// -----------------------------------------------------------------------------------

void Unparser::write_formatted(const syntax::FormattedValue& expr) {
  Unparser inner(context_);
  inner.write(*expr.value, tighter(kTest));
  // "{{" would be a brace, not an expression that starts with one.
  put(inner.text().starts_with('{') ? "{ " : "{");
  put(inner.text());
  if (expr.conversion > 0) {
    put("!");
    char conversion = static_cast<char>(expr.conversion);
    put({&conversion, 1});
  }
  if (expr.format_spec != nullptr) {
    put(":");
    if (const auto* joined = syntax::try_as<syntax::JoinedStr>(expr.format_spec)) {
      write_joined_parts(joined->values, true);
    } else if (Object* constant = constant_of(context_, expr.format_spec)) {
      put_str(as<Str>(constant));
    }
  }
  put("}");
}

void Unparser::write_joined_parts(const Seq<Expr*>& values, bool in_spec) {
  for (const Expr* value : values) {
    if (Object* constant = constant_of(context_, value)) {
      Utf8 utf8(as<Str>(constant));
      if (!utf8.ok()) throw std::bad_alloc();
      for (char c : utf8.view()) {
        if (c == '{' || c == '}') put({&c, 1});
        put({&c, 1});
      }
    } else if (const auto* formatted = syntax::try_as<syntax::FormattedValue>(value)) {
      write_formatted(*formatted);
    } else if (const auto* joined = syntax::try_as<syntax::JoinedStr>(value)) {
      write_joined_parts(joined->values, in_spec);
    }
  }
}

void Unparser::write_joined(const syntax::JoinedStr& expr) {
  Unparser body(context_);
  body.write_joined_parts(expr.values, false);
  Ref<Str> text = must(Str::from_utf8(context_.ts, body.text()));
  put("f");
  write_repr(text, false);
}

// ---- The whole
// -----------------------------------------------------------------------------------

void Unparser::write(const Expr& expr, Level level) {
  DepthGuard depth(context_);
  switch (expr.kind) {
    case ExprKind::BoolOp:
      write_bool_op(as<syntax::BoolOp>(expr), level);
      break;
    case ExprKind::NamedExpr:
      parenthesized(level > kTuple, [&] {
        write(*as<syntax::NamedExpr>(expr).target, kAtom);
        put(" := ");
        write(*as<syntax::NamedExpr>(expr).value, kAtom);
      });
      break;
    case ExprKind::BinOp:
      write_bin_op(as<syntax::BinOp>(expr), level);
      break;
    case ExprKind::UnaryOp:
      write_unary_op(as<syntax::UnaryOp>(expr), level);
      break;
    case ExprKind::Lambda:
      write_lambda(as<syntax::Lambda>(expr), level);
      break;
    case ExprKind::IfExp:
      parenthesized(level > kTest, [&] {
        write(*as<syntax::IfExp>(expr).body, tighter(kTest));
        put(" if ");
        write(*as<syntax::IfExp>(expr).test, tighter(kTest));
        put(" else ");
        write(*as<syntax::IfExp>(expr).orelse, kTest);
      });
      break;
    case ExprKind::Dict: {
      const auto& dict = as<syntax::Dict>(expr);
      put("{");
      for (std::size_t i = 0; i < dict.values.size(); ++i) {
        if (i > 0) put(", ");
        if (dict.keys[i] == nullptr) {
          put("**");
          write(*dict.values[i], kBitOr);
        } else {
          write(*dict.keys[i], kTest);
          put(": ");
          write(*dict.values[i], kTest);
        }
      }
      put("}");
      break;
    }
    case ExprKind::Set:
      put("{");
      write_list(as<syntax::Set>(expr).elts);
      put("}");
      break;
    case ExprKind::GeneratorExp:
      put("(");
      write(*as<syntax::GeneratorExp>(expr).elt, kTest);
      write_generators(as<syntax::GeneratorExp>(expr).generators);
      put(")");
      break;
    case ExprKind::ListComp:
      put("[");
      write(*as<syntax::ListComp>(expr).elt, kTest);
      write_generators(as<syntax::ListComp>(expr).generators);
      put("]");
      break;
    case ExprKind::SetComp:
      put("{");
      write(*as<syntax::SetComp>(expr).elt, kTest);
      write_generators(as<syntax::SetComp>(expr).generators);
      put("}");
      break;
    case ExprKind::DictComp:
      put("{");
      write(*as<syntax::DictComp>(expr).key, kTest);
      put(": ");
      write(*as<syntax::DictComp>(expr).value, kTest);
      write_generators(as<syntax::DictComp>(expr).generators);
      put("}");
      break;
    case ExprKind::Yield:
      if (as<syntax::Yield>(expr).value == nullptr) {
        put("(yield)");
      } else {
        put("(yield ");
        write(*as<syntax::Yield>(expr).value, kTuple);
        put(")");
      }
      break;
    case ExprKind::YieldFrom:
      put("(yield from ");
      write(*as<syntax::YieldFrom>(expr).value, kTest);
      put(")");
      break;
    case ExprKind::Await:
      parenthesized(level > kAwait, [&] {
        put("await ");
        write(*as<syntax::Await>(expr).value, kAtom);
      });
      break;
    case ExprKind::Compare: {
      const auto& compare = as<syntax::Compare>(expr);
      parenthesized(level > kCompare, [&] {
        write(*compare.left, tighter(kCompare));
        for (std::size_t i = 0; i < compare.ops.size(); ++i) {
          put(compare_text(compare.ops[i]));
          write(*compare.comparators[i], tighter(kCompare));
        }
      });
      break;
    }
    case ExprKind::Call:
      write_call(as<syntax::Call>(expr));
      break;
    case ExprKind::Constant:
      if (as<syntax::Constant>(expr).u_prefix) put("u");
      write_constant(constant_of(context_, &expr));
      break;
    case ExprKind::JoinedStr:
      write_joined(as<syntax::JoinedStr>(expr));
      break;
    case ExprKind::FormattedValue:
      write_formatted(as<syntax::FormattedValue>(expr));
      break;
    case ExprKind::Attribute:
      write_attribute(as<syntax::Attribute>(expr));
      break;
    case ExprKind::Starred:
      put("*");
      write(*as<syntax::Starred>(expr).value, kBitOr);
      break;
    case ExprKind::Name:
      put(as<syntax::Name>(expr).id);
      break;
    case ExprKind::List:
      put("[");
      write_list(as<syntax::List>(expr).elts);
      put("]");
      break;
    case ExprKind::Tuple:
      write_tuple(as<syntax::Tuple>(expr), level);
      break;
    case ExprKind::Subscript:
      write(*as<syntax::Subscript>(expr).value, kAtom);
      put("[");
      write(*as<syntax::Subscript>(expr).slice, kTuple);
      put("]");
      break;
    case ExprKind::Slice:
      write_slice(as<syntax::Slice>(expr));
      break;
  }
}

}  // namespace

Ref<Str> unparse(Context& context, const Expr& expr) {
  Unparser unparser(context);
  unparser.write(expr, kTest);
  return must(Str::from_utf8(context.ts, unparser.text()));
}

}  // namespace ouro::compile
