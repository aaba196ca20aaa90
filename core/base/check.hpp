// Broken invariants end the process, in release builds too: a node that is wrong about money must not go on.
#pragma once

namespace aitbc {

// Prints "invariant broken: MESSAGE (FILE:LINE)" to standard error and aborts.
[[noreturn]] void invariant_failed(const char* condition, const char* message, const char* file, int line);

}  // namespace aitbc

#define AITBC_CHECK(condition, message) \
  ((condition) ? static_cast<void>(0) : ::aitbc::invariant_failed(#condition, message, __FILE__, __LINE__))
