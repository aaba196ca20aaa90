// Commands that are one call of the marketplace each, described by tables.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "marketplace/abi.hpp"
#include "wallet/cli/context.hpp"

namespace CLI {
class App;
}

namespace aitbc::cli {

// How people write an argument.
enum class Form {
  id,      // "gpu_3", of the argument's kind
  amount,  // AIT
  text,
  number,
  account,  // address or wallet
  hours,    // seconds on the chain
  percent,  // basis points on the chain
  digest,   // 0x and 64 digits
};

struct CallArgument {
  const char* option;  // "--amount", or "gpu" for one without a flag; nullptr: always the fallback
  const char* name;    // of the call's argument
  Form form = Form::text;
  const char* help = "";
  std::optional<market::Kind> kind = std::nullopt;  // of an id
  const char* fallback = nullptr;                   // when left out; nullptr: it may not be
  // Members of a struct argument stand under its name.
  const char* inside = nullptr;
};

struct CallCommand {
  const char* name;  // of the command
  const char* help;
  const char* call;
  std::span<const CallArgument> arguments;
};

void add_call_command(CLI::App& group, Context& context, const CallCommand& command);

// Lists and details of one kind of record.
struct RecordFilter {
  const char* option;
  const char* name;  // of the query's parameter
  const char* help;
  bool is_account = false;
};
struct RecordKind {
  const char* list_help;
  const char* list_method;
  std::span<const char* const> columns;
  const char* when_empty;
  std::span<const RecordFilter> filters;
  const char* show_help;
  const char* show_name;  // "show" or "details"
  const char* show_method;
  const char* show_param;  // "id", or "account"
  std::optional<market::Kind> kind;
};
void add_record_commands(CLI::App& group, Context& context, const RecordKind& kind);

}  // namespace aitbc::cli
