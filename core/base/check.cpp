#include "base/check.hpp"

#include <cstdio>
#include <cstdlib>

namespace aitbc {

void invariant_failed(const char* condition, const char* message, const char* file, int line) {
  std::fprintf(stderr, "invariant broken: %s [%s] (%s:%d)\n", message, condition, file, line);
  std::fflush(stderr);
  std::abort();
}

}  // namespace aitbc
