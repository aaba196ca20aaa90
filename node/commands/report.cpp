#include <cstdio>

#include "node/commands/commands.hpp"

namespace aitbc::commands {

int report(const Error& error) {
  std::fprintf(stderr, "error: %s\n", error.message.c_str());
  switch (error.code) {
    case ErrorCode::io:
    case ErrorCode::corruption:
      return kStorage;
    case ErrorCode::conflict:
      return kConflict;
    case ErrorCode::invalid_input:
      return kUsage;
    case ErrorCode::not_found:
    case ErrorCode::limit:
    case ErrorCode::invalid_block:
    case ErrorCode::unsupported:
    case ErrorCode::unavailable:
      return kFailure;
  }
  return kFailure;
}

}  // namespace aitbc::commands
