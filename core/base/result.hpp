// Errors as values. A Result carries either a value or an Error with a code for programs and a message for
// people.
#pragma once

#include <string>
#include <tl/expected.hpp>
#include <utility>

namespace aitbc {

enum class ErrorCode {
  invalid_input,  // the caller's data is malformed or out of range
  not_found,      // nothing has that key or id
  conflict,       // valid, but not in the present state (exists already, wrong status, ...)
  limit,          // a stated bound was reached
  invalid_block,  // a block breaks a rule; its sender is at fault
  io,             // the local disk or network failed; never the block's fault
  corruption,     // stored data is not what was written; never the block's fault
  unsupported,    // understood and deliberately not offered
  unavailable,    // cannot be served now (stopping, syncing); may be tried again
};

struct Error {
  ErrorCode code = ErrorCode::invalid_input;
  std::string message;
};

template <class T>
using Result = tl::expected<T, Error>;

inline tl::unexpected<Error> fail(ErrorCode code, std::string message) {
  return tl::unexpected<Error>(Error{code, std::move(message)});
}
inline tl::unexpected<Error> fail(Error error) { return tl::unexpected<Error>(std::move(error)); }

// True for failures of this machine rather than of anybody's input: the node must stop.
inline bool is_local_failure(const Error& error) {
  return error.code == ErrorCode::io || error.code == ErrorCode::corruption;
}

// Hands the error of a Result<...> expression to the caller of the enclosing function.
#define AITBC_TRY(expression)                                    \
  do {                                                           \
    if (auto aitbc_try_result = (expression); !aitbc_try_result) \
      return ::aitbc::fail(std::move(aitbc_try_result).error()); \
  } while (false)

#define AITBC_CONCAT_INNER(a, b) a##b
#define AITBC_CONCAT(a, b) AITBC_CONCAT_INNER(a, b)
// AITBC_ASSIGN(auto x, f()): x = *f(), or returns f()'s error.
#define AITBC_ASSIGN(target, expression) \
  AITBC_ASSIGN_IMPL(AITBC_CONCAT(aitbc_result_, __LINE__), target, expression)
#define AITBC_ASSIGN_IMPL(holder, target, expression)           \
  auto holder = (expression);                                   \
  if (!holder) return ::aitbc::fail(std::move(holder).error()); \
  target = std::move(*holder)

}  // namespace aitbc
