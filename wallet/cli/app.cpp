#include "wallet/cli/app.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>

#include "wallet/cli/actions/actions.hpp"
#include "wallet/cli/commands.hpp"
#include "wallet/cli/context.hpp"
#include "wallet/cli/job_client.hpp"
#include "wallet/cli/manual.hpp"
#include "wallet/cli/password_argument.hpp"
#include "wallet/cli/usage_failure.hpp"

namespace aitbc::cli {
namespace {

constexpr const char* kDefaultRpcUrl = "http://127.0.0.1:8545";

constexpr const char* kFooter =
    "Exit status:\n"
    "  0  done\n"
    "  1  refused by the node or the chain, failed, or nothing has that id\n"
    "  2  wrong arguments\n"
    "  3  no node answers at --rpc-url\n"
    "  4  wrong or missing password\n"
    "  5  a file cannot be read or written, or is damaged\n"
    "  6  sent, but not in a block in time\n"
    "Passwords come from --password-file, --password, AITBC_PASSWORD, or are asked for.\n"
    "Unlocked development wallets need none.";

void add_global_options(CLI::App& root, Context& context) {
  GlobalOptions& options = context.options;
  const auto url = context.env.variable("AITBC_RPC_URL");
  options.rpc_url = url && !url->empty() ? *url : kDefaultRpcUrl;
  root.add_option("--rpc-url", options.rpc_url, "JSON-RPC address of a node [AITBC_RPC_URL]")
      ->capture_default_str();
  root.add_option("--wallet-dir", options.wallet_dir,
                  "Folder of the wallets [AITBC_WALLET_DIR] (default: ~/.aitbc/wallets)");
  root.add_option("--format", options.format, "text for people, json for programs")
      ->check(CLI::IsMember({"text", "json"}))
      ->capture_default_str();
  root.add_option("--timeout", options.timeout_seconds,
                  "How long to wait for one answer of the node, in seconds")
      ->check(CLI::Range(0.1, 3600.0))
      ->capture_default_str();
  root.add_option("--password-file", options.password_file, "File whose first line is the wallet's password");
  // The value was taken before (take_password); what the parser finds is a star.
  root.add_option_function<std::string>(
      "--password", [](const std::string&) {},
      "The wallet's password (others may see it in the list of processes)");
}

int report(const Context& context, const Failure& failure) {
  if (context.options.format == "json") {
    JsonObject error;
    error.text("error", failure.message).number("exit_status", static_cast<std::uint64_t>(failure.code));
    context.env.err << error.str() << '\n' << std::flush;
  } else {
    context.env.err << "error: " << printable(failure.message) << '\n' << std::flush;
  }
  return static_cast<int>(failure.code);
}

// Whether errors are for programs: asked before the arguments are read, since these may be what is wrong.
bool asks_for_json(const std::vector<std::string>& arguments) {
  for (std::size_t i = 0; i < arguments.size(); ++i)
    if (arguments[i] == "--format=json" ||
        (arguments[i] == "--format" && i + 1 < arguments.size() && arguments[i + 1] == "json"))
      return true;
  return false;
}

// `complete -- WORDS...`, which the completion scripts ask. The words are no arguments of this program yet.
int complete(const CLI::App& root, const Context& context, const std::vector<std::string>& arguments) {
  std::vector<std::string> words(arguments.begin() + 1, arguments.end());
  if (!words.empty() && words[0] == "--") words.erase(words.begin());
  for (const std::string& each : completions(root, std::move(words))) context.env.out << each << '\n';
  return static_cast<int>(Exit::ok);
}

}  // namespace

int run(std::vector<std::string> arguments, Environment environment,
        const std::vector<AddCommands>& more_commands) {
  Context context(std::move(environment));
  CLI::App root("Wallets, transfers and the GPU marketplace of an AITBC chain.", "aitbc");
  root.footer(kFooter);
  root.fallthrough();
  root.require_subcommand(1);
  root.set_version_flag("--version", std::string(AITBC_VERSION));
  add_global_options(root, context);
  add_wallet_commands(root, context);
  add_send_command(root, context);
  add_chain_commands(root, context);
  add_validator_commands(root, context);
  add_marketplace_commands(root, context);
  add_ai_commands(root, context);
  add_job_group(root, context);
  add_coordinator_commands(root, context);
  add_resource_commands(root, context);
  add_transaction_commands(root, context);
  add_sign_commands(root, context);
  for (const AddCommands add : more_commands) add(root, context);
  add_manual_commands(root, context);
  if (asks_for_json(arguments)) context.options.format = "json";
  if (!arguments.empty() && arguments[0] == "complete") return complete(root, context, arguments);
  context.options.password = take_password(arguments);
  try {
    std::vector<std::string> words = with_action_first(arguments);
    std::reverse(words.begin(), words.end());  // CLI11 takes the arguments from the back
    root.parse(std::move(words));
  } catch (const CLI::ParseError& error) {
    const bool is_help = error.get_exit_code() == 0;
    if (!is_help) return report(context, usage_failure(root, error));
    root.exit(error, context.env.out, context.env.err);
    return static_cast<int>(Exit::ok);
  }
  if (const auto bad = bad_value(root)) return report(context, *bad);
  const Outcome<void> outcome = context.action();
  return outcome ? static_cast<int>(Exit::ok) : report(context, outcome.error());
}

}  // namespace aitbc::cli
