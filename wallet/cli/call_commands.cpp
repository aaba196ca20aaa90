#include "wallet/cli/call_commands.hpp"

#include <map>

#include "codec/hex.hpp"
#include "wallet/cli/command.hpp"
#include "wallet/cli/generic_view.hpp"
#include "wallet/cli/market_client.hpp"
#include "wallet/cli/option_values.hpp"

namespace aitbc::cli {
namespace {

struct CallValues {
  std::vector<std::string> texts;  // as many as the call has arguments
  CallOptions call;
};

Outcome<double> number_of_hours(const std::string& text, const std::string& option) {
  try {
    std::size_t end = 0;
    const double hours = std::stod(text, &end);
    if (end == text.size()) return hours;
  } catch (const std::exception&) {  // said below
  }
  return failed(Exit::usage, option + " '" + text + "' is not a number of hours");
}

// The argument as the call's encoder takes it.
Outcome<std::string> argument_json(const Context& context, const CallArgument& argument,
                                   const std::string& text) {
  const std::string option = argument.option == nullptr ? argument.name : argument.option;
  switch (argument.form) {
    case Form::id: {
      if (text == "0") return std::string("0");
      AITBC_ASSIGN(const std::uint64_t id, read_id(*argument.kind, text));
      return std::to_string(id);
    }
    case Form::amount: {
      AITBC_ASSIGN(const Amount amount, ait_option(text, option));
      return json_text(to_units_string(amount));
    }
    case Form::text:
      return json_text(text);
    case Form::number: {
      const auto number = Uint256::from_decimal(text);
      if (!number || !number->fits_u64())
        return failed(Exit::usage, option + " '" + text + "' is not a whole number");
      return text;
    }
    case Form::account: {
      AITBC_ASSIGN(const Address account, resolve_account(context, text));
      return json_text(hex::encode_prefixed(account));
    }
    case Form::hours: {
      if (text == "0") return std::string("0");
      AITBC_ASSIGN(const double hours, number_of_hours(text, option));
      AITBC_ASSIGN(const std::uint64_t seconds, seconds_of_hours(hours, option));
      return std::to_string(seconds);
    }
    case Form::percent: {
      AITBC_ASSIGN(const std::uint64_t bps, percent_option(text, option));
      return std::to_string(bps);
    }
    case Form::digest: {
      if (text.empty()) return json_text(hex::encode_prefixed(Hash{}));
      const auto digest = hex::decode_fixed<Hash>(text);
      if (!digest) return failed(Exit::usage, option + " '" + text + "' is not 0x and 64 digits");
      return json_text(hex::encode_prefixed(*digest));
    }
  }
  return failed(Exit::usage, option);
}

Outcome<std::string> arguments_json(const Context& context, const CallCommand& command,
                                    const CallValues& values) {
  JsonObject out;
  std::map<std::string, JsonObject> structs;
  for (std::size_t i = 0; i < command.arguments.size(); ++i) {
    const CallArgument& argument = command.arguments[i];
    AITBC_ASSIGN(const std::string value, argument_json(context, argument, values.texts[i]));
    (argument.inside == nullptr ? out : structs[argument.inside]).raw(argument.name, value);
  }
  for (const auto& [name, members] : structs) out.raw(name, members.str());
  return out.str();
}

Outcome<void> run_call(Context& context, const CallCommand& command, const CallValues& values) {
  AITBC_ASSIGN(const std::string arguments, arguments_json(context, command, values));
  AITBC_ASSIGN(const Submitted submitted,
               market_call(context, values.call.wallet, command.call, arguments, values.call.submit));
  report_events(context, submitted);
  return {};
}

struct ListValues {
  std::vector<std::string> texts;
  ListOptions list;
};

Outcome<void> run_list(Context& context, const RecordKind& kind, const ListValues& values) {
  JsonObject filters;
  for (std::size_t i = 0; i < kind.filters.size(); ++i) {
    const RecordFilter& filter = kind.filters[i];
    if (values.texts[i].empty()) continue;
    if (!filter.is_account) {
      filters.text(filter.name, values.texts[i]);
      continue;
    }
    AITBC_TRY(filter_by_account(context, filters, filter.name, values.texts[i]));
  }
  const GenericList shape{kind.list_method, {kind.columns.begin(), kind.columns.end()}, kind.when_empty};
  return print_generic_list(context, shape, filters, values.list);
}

Outcome<void> run_show(Context& context, const RecordKind& kind, const std::string& text) {
  JsonObject params;
  if (kind.kind) {
    AITBC_ASSIGN(const std::uint64_t id, read_id(*kind.kind, text));
    params.text(kind.show_param, market::id_text(*kind.kind, id));
  } else {
    AITBC_ASSIGN(const Address account, resolve_account(context, text));
    params.text(kind.show_param, hex::encode_prefixed(account));
  }
  AITBC_ASSIGN(const Json record, market_query(context, kind.show_method, params));
  context.output().record(generic_record(record));
  return {};
}

}  // namespace

void add_call_command(CLI::App& group, Context& context, const CallCommand& command) {
  auto values = std::make_shared<CallValues>();
  values->texts.resize(command.arguments.size());
  CLI::App* app = group.add_subcommand(command.name, command.help);
  for (std::size_t i = 0; i < command.arguments.size(); ++i) {
    const CallArgument& argument = command.arguments[i];
    if (argument.fallback != nullptr) values->texts[i] = argument.fallback;
    if (argument.option == nullptr) continue;
    app->add_option(argument.option, values->texts[i], argument.help)->required(argument.fallback == nullptr);
  }
  add_call_options(*app, values->call);
  app->callback([&context, command, values] {
    context.action = [&context, command, values] { return run_call(context, command, *values); };
  });
}

void add_record_commands(CLI::App& group, Context& context, const RecordKind& kind) {
  auto values = std::make_shared<ListValues>();
  values->texts.resize(kind.filters.size());
  CLI::App* list = group.add_subcommand("list", kind.list_help);
  for (std::size_t i = 0; i < kind.filters.size(); ++i)
    list->add_option(kind.filters[i].option, values->texts[i], kind.filters[i].help);
  add_list_options(*list, values->list);
  list->callback([&context, kind, values] {
    context.action = [&context, kind, values] { return run_list(context, kind, *values); };
  });
  auto text = std::make_shared<std::string>();
  CLI::App* show = group.add_subcommand(kind.show_name, kind.show_help);
  show->add_option(kind.kind ? "id" : "account", *text,
                   kind.kind ? "Such as " + market::id_text(*kind.kind, 3) : "Address or name of a wallet")
      ->required();
  show->callback([&context, kind, text] {
    context.action = [&context, kind, text] { return run_show(context, kind, *text); };
  });
}

}  // namespace aitbc::cli
