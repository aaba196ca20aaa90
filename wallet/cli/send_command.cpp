#include <CLI/CLI.hpp>

#include "codec/hex.hpp"
#include "wallet/cli/commands.hpp"
#include "wallet/cli/option_values.hpp"
#include "wallet/cli/passwords.hpp"
#include "wallet/cli/submit.hpp"

namespace aitbc::cli {
namespace {

struct SendOptions {
  std::string from;
  std::string to;
  std::string amount;
  SubmitOptions submit;
};

Outcome<void> send(Context& context, const SendOptions& options) {
  // Everything that can be wrong with the arguments is found before a password is asked for.
  AITBC_ASSIGN(const Amount amount, ait_option(options.amount, "--amount"));
  AITBC_ASSIGN(const Address to, resolve_account(context, options.to));
  AITBC_ASSIGN(const PrivateKey key, open_wallet(context, options.from));
  CallRequest call;
  call.to = to;
  call.value = amount;
  AITBC_ASSIGN(const Submitted submitted, submit(context, key, call, options.submit));

  Output output = context.output();
  Record record = describe(submitted);
  if (output.is_json()) {
    record.push_back({{"from", "From"}, address_cell(key.address())});
    record.push_back({{"to", "To"}, address_cell(to)});
    record.push_back({{"amount", "Amount"}, ait_cell(amount)});
  } else {
    record.erase(record.begin());  // the hash was printed when the node took the transaction
  }
  output.record(record);
  return {};
}

}  // namespace

void add_send_command(CLI::App& root, Context& context) {
  auto options = std::make_shared<SendOptions>();
  CLI::App* command = root.add_subcommand("send", "Send AIT from a wallet and wait until it is final");
  command->add_option("--from", options->from, "Name of the paying wallet")->required();
  command->add_option("--to", options->to, "Address (0x, ait1, aitbc1) or name of a wallet")->required();
  command->add_option("--amount", options->amount, "In AIT, up to 18 decimals")->required();
  add_submit_options(*command, options->submit);
  command->callback(
      [&context, options] { context.action = [&context, options] { return send(context, *options); }; });
}

}  // namespace aitbc::cli
