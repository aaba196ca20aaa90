// How a command ends: with output, or with one sentence and an exit status.
#pragma once

#include <string>
#include <tl/expected.hpp>

#include "base/result.hpp"

namespace aitbc::cli {

// Documented in `aitbc --help`; never renumbered.
enum class Exit : int {
  ok = 0,
  refused = 1,      // the node or the chain refused, a transaction failed, or nothing has that id
  usage = 2,        // flags or values that do not make sense
  unreachable = 3,  // no node answers there
  wrong_password = 4,
  local = 5,         // a file cannot be read or written, or is damaged
  not_included = 6,  // sent, but not in a block before the time was up
};

struct Failure {
  Failure(Exit exit, std::string text) : code(exit), message(std::move(text)) {}
  // The status that fits an error from below.
  Failure(Error error);  // NOLINT(google-explicit-constructor): so that Results pass through AITBC_TRY

  Exit code;
  std::string message;
};

template <class T>
using Outcome = tl::expected<T, Failure>;

inline tl::unexpected<Failure> failed(Exit code, std::string message) {
  return tl::unexpected<Failure>(Failure(code, std::move(message)));
}

}  // namespace aitbc::cli

namespace aitbc {
// What AITBC_TRY and AITBC_ASSIGN call on an Outcome's failure.
inline tl::unexpected<cli::Failure> fail(cli::Failure failure) {
  return tl::unexpected<cli::Failure>(std::move(failure));
}
}  // namespace aitbc
