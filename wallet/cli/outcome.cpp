#include "wallet/cli/outcome.hpp"

namespace aitbc::cli {
namespace {

Exit exit_for(ErrorCode code) {
  switch (code) {
    case ErrorCode::invalid_input:
    case ErrorCode::unsupported:
    case ErrorCode::limit:
      return Exit::usage;
    case ErrorCode::not_found:
    case ErrorCode::conflict:
    case ErrorCode::invalid_block:
      return Exit::refused;
    case ErrorCode::io:
    case ErrorCode::corruption:
      return Exit::local;
    case ErrorCode::unavailable:
      return Exit::unreachable;
  }
  return Exit::refused;
}

}  // namespace

Failure::Failure(Error error) : code(exit_for(error.code)), message(std::move(error.message)) {}

}  // namespace aitbc::cli
