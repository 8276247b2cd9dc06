// Pictures by Graphviz: running `dot` on a text in its language.
#pragma once

#include <string_view>

namespace ouro::observe {

/// Where a program of that name would be found along PATH.
bool is_program_on_path(std::string_view program);

/// Runs `dot -T<format> -o<image> <dot_file>`; all arguments are zero-terminated. Returns dot's exit status, or 127 when it
/// could not be started.
int run_dot(const char* format, const char* image, const char* dot_file);

/// A colour between two, in Graphviz's hue, saturation, value; `part` runs from 0 to 1.
struct Colour {
  double hue, saturation, value;
};
Colour between(const Colour& from, const Colour& to, double part);

}  // namespace ouro::observe
