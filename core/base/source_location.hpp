// std::source_location, and the same for clang 14 (presets tsan and fuzz), for which the library leaves it
// out.
#pragma once

#include <cstdint>
#include <source_location>

namespace aitbc {

#ifdef __cpp_lib_source_location
using SourceLocation = std::source_location;
#else
class SourceLocation {
 public:
  static constexpr SourceLocation current(std::uint_least32_t line = __builtin_LINE(),
                                          const char* file = __builtin_FILE(),
                                          const char* function = __builtin_FUNCTION()) {
    SourceLocation out;
    out.line_ = line;
    out.file_ = file;
    out.function_ = function;
    return out;
  }
  constexpr std::uint_least32_t line() const { return line_; }
  constexpr const char* file_name() const { return file_; }
  constexpr const char* function_name() const { return function_; }

 private:
  std::uint_least32_t line_ = 0;
  const char* file_ = "";
  const char* function_ = "";
};
#endif

}  // namespace aitbc
