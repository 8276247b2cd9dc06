// Running Graphviz.
#include "observe/graphviz.h"

#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <string>

extern char** environ;

namespace ouro::observe {

bool is_program_on_path(std::string_view program) {
  const char* path = std::getenv("PATH");
  std::string_view rest = path == nullptr ? "/bin:/usr/bin" : path;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find(':'), rest.size());
    std::string file(rest.substr(0, end));
    file.append("/").append(program);
    struct stat facts = {};
    if (stat(file.c_str(), &facts) == 0 && S_ISREG(facts.st_mode)) return true;
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return false;
}

int run_dot(const char* format, const char* image, const char* dot_file) {
  std::string format_option = std::string("-T") + format;
  std::string output_option = std::string("-o") + image;
  std::string input = dot_file;
  std::string program = "dot";
  char* arguments[] = {program.data(), format_option.data(), output_option.data(), input.data(), nullptr};
  pid_t child = 0;
  if (posix_spawnp(&child, "dot", nullptr, nullptr, arguments, environ) != 0) return 127;
  int status = 0;
  while (waitpid(child, &status, 0) < 0) {
    if (errno != EINTR) return 127;
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

Colour between(const Colour& from, const Colour& to, double part) {
  const auto mix = [part](double a, double b) { return a * (1 - part) + b * part; };
  return {mix(from.hue, to.hue), mix(from.saturation, to.saturation), mix(from.value, to.value)};
}

}  // namespace ouro::observe
