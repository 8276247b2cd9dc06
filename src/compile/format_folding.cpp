// "%s and %r" % (a, b) becomes f"{a!s} and {b!r}": the pattern is read once, when compiling.
#include <algorithm>
#include <string>

#include "compile/passes.h"
#include "objects/str.h"

namespace ouro::compile {

namespace {

class FormatReader {
 public:
  FormatReader(Context& context, syntax::Ast& ast, const Span& span, Borrowed<Str> pattern)
      : context_(context), ast_(ast), span_(span), pattern_(pattern), parts_(&context.scratch) {}

  /// The f-string, or null when the pattern needs more than %s, %r, %a with width and precision.
  Expr* read(const syntax::Seq<Expr*>& args) {
    std::size_t next_arg = 0;
    for (;;) {
      add_literal();
      if (at_ >= pattern_->length) break;
      ++at_;  // the %
      if (next_arg >= args.size() || !add_value(args[next_arg++])) return nullptr;
    }
    if (next_arg < args.size()) return nullptr;
    auto* joined = ast_.make<syntax::JoinedStr>();
    joined->span = span_;
    auto** values = static_cast<Expr**>(
        ast_.arena().allocate(sizeof(Expr*) * (parts_.size() + 1), alignof(Expr*)));
    std::copy(parts_.begin(), parts_.end(), values);
    joined->values = {values, parts_.size()};
    return joined;
  }

 private:
  syntax::Constant* constant(Ref<Str> text) {
    // Without a place of its own it traces as part of what stands before it.
    auto* node = ast_.make<syntax::Constant>();
    node->span = kNoSpan;
    node->value.tag = kFoldedTag;
    context_.constants.attach(*node, std::move(text));
    return node;
  }

  /// Text up to the next conversion; "%%" is one percent sign.
  void add_literal() {
    StrBuilder text(context_.ts);
    while (at_ < pattern_->length) {
      std::int64_t start = at_;
      while (at_ < pattern_->length && pattern_->at(at_) != '%') ++at_;
      if (at_ > start) must(text.append(pattern_, start, at_));
      if (at_ + 1 >= pattern_->length || pattern_->at(at_ + 1) != '%') break;
      must(text.append(U'%'));
      at_ += 2;
    }
    if (text.length() > 0) parts_.push_back(constant(must(text.finish())));
  }

  bool add_value(Expr* arg) {
    bool left = false;
    std::pmr::string spec(&context_.scratch);
    char32_t c = next();
    for (; c == '-' || c == '+' || c == ' ' || c == '#' || c == '0'; c = next()) {
      if (c != '-') return false;  // signs and zeros mean nothing to texts in a format spec
      left = true;
    }
    std::pmr::string width(&context_.scratch);
    if (!read_number(c, width)) return false;
    if (!left && !width.empty()) spec += '>';
    spec += width;
    if (c == '.') {
      c = next();
      std::pmr::string precision(&context_.scratch);
      if (!read_number(c, precision)) return false;
      spec += '.';
      spec += precision.empty() ? "0" : precision.c_str();
    }
    if (c != 's' && c != 'r' && c != 'a') return false;
    auto* value = ast_.make<syntax::FormattedValue>();
    value->span = arg->span;
    value->value = arg;
    value->conversion = static_cast<int>(c);
    if (!spec.empty()) value->format_spec = constant(must(Str::from_utf8(context_.ts, spec)));
    parts_.push_back(value);
    return true;
  }

  char32_t next() { return at_ < pattern_->length ? pattern_->at(at_++) : 0; }

  /// At most two digits (larger fields are rare); leading zeros go. `c` moves on to what follows.
  bool read_number(char32_t& c, std::pmr::string& out) {
    for (int digits = 0; c >= '0' && c <= '9'; c = next()) {
      if (++digits > 2) return false;
      if (out == "0") out.clear();
      out += static_cast<char>(c);
    }
    if (out == "0") out.clear();
    return true;
  }

  Context& context_;
  syntax::Ast& ast_;
  Span span_;
  Borrowed<Str> pattern_;
  std::pmr::vector<Expr*> parts_;
  std::int64_t at_ = 0;
};

}  // namespace

syntax::Expr* format_as_joined(Context& context, syntax::Ast& ast, const syntax::BinOp& expr,
                               Object* pattern) {
  const auto* args = syntax::try_as<syntax::Tuple>(expr.right);
  if (args == nullptr) return nullptr;
  for (const Expr* arg : args->elts) {
    if (arg->kind == syntax::ExprKind::Starred) return nullptr;
  }
  return FormatReader(context, ast, expr.span, as<Str>(pattern)).read(args->elts);
}

}  // namespace ouro::compile
