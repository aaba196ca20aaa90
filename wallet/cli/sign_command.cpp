#include "codec/hex.hpp"
#include "codec/typed_data.hpp"
#include "wallet/cli/command.hpp"
#include "wallet/cli/commands.hpp"
#include "wallet/cli/passwords.hpp"
#include "wallet/cli/typed_data_view.hpp"
#include "wallet/files.hpp"
#include "wallet/signature_text.hpp"

namespace aitbc::cli {
namespace {

constexpr std::size_t kMaxDocument_bytes = 1U << 20;

struct SignOptions {
  std::string wallet;
  std::string file;
  bool yes = false;
};

// A signature for another chain is good there: who signs it should mean it.
void warn_of_other_chain(Context& context, const Json& document) {
  const auto meant = document["domain"]["chainId"].number();
  if (!meant)
    return context.note("warning: the data names no chain, so the signature is good on every chain");
  const auto node = context.node();
  const auto chain = node ? (*node)->chain_id() : fail(node.error());
  if (chain && *meant != Uint256(*chain))
    context.note("warning: this is for another chain than the node's, which is " + std::to_string(*chain));
}

Outcome<void> confirm(const Context& context, const SignOptions& options) {
  if (options.yes) return {};
  const auto answer = context.env.ask_secret("Type yes to sign this: ");
  if (!answer) return failed(Exit::usage, "nobody can be asked whether to sign this; read it and give --yes");
  if (answer->text() == "yes") return {};
  return failed(Exit::refused, "nothing was signed");
}

Outcome<void> sign_typed_data(Context& context, const SignOptions& options) {
  AITBC_TRY(wallet_address(context, options.wallet));  // before anybody is asked to read
  AITBC_ASSIGN(const std::string text, wallet::read_small_file(options.file, kMaxDocument_bytes));
  const auto hashed = eip712::hash_json(text);
  if (!hashed) return failed(Exit::usage, options.file + " cannot be signed: " + hashed.error().message);
  AITBC_ASSIGN(const Json document, Json::parse(text));
  for (const std::string& line : typed_data_lines(document)) context.note(line);
  warn_of_other_chain(context, document);
  AITBC_TRY(confirm(context, options));
  AITBC_ASSIGN(const PrivateKey key, open_wallet(context, options.wallet));
  context.output().record({{{"signer", "Signer"}, address_cell(key.address())},
                           {{"digest", "Digest"}, text_cell(hex::encode_prefixed(hashed->digest))},
                           {{"signature", "Signature"}, text_cell(wallet::sign_text(key, hashed->digest))}});
  return {};
}

}  // namespace

void add_sign_commands(CLI::App& root, Context& context) {
  CLI::App* group = add_group(root, "sign", "Sign with a wallet");
  add_command<SignOptions>(
      *group, context, "typed-data", "Show EIP-712 data and sign it",
      [](CLI::App& command, SignOptions& options) {
        command.add_option("file", options.file, "JSON as eth_signTypedData_v4 takes it")->required();
        command.add_option("--wallet", options.wallet, "Name of the wallet that signs")->required();
        command.add_flag("--yes", options.yes, "Do not ask");
      },
      sign_typed_data);
}

}  // namespace aitbc::cli
