#include <CLI/CLI.hpp>

#include "codec/hex.hpp"
#include "wallet/cli/commands.hpp"
#include "wallet/cli/import_key.hpp"
#include "wallet/cli/passwords.hpp"
#include "wallet/hd_key.hpp"
#include "wallet/mnemonic.hpp"

namespace aitbc::cli {
namespace {

struct CreateOptions {
  std::string name;
  bool unlocked = false;
  bool light = false;
  std::size_t words = 0;
};

void report_wallet(const Context& context, std::string_view verb, const std::string& name,
                   const Address& address, const wallet::SecretBytes* mnemonic) {
  Output output = context.output();
  if (output.is_json()) {
    Record record{{{"name", ""}, text_cell(name)}, {{"address", ""}, address_cell(address)}};
    if (mnemonic != nullptr) record.push_back({{"mnemonic", ""}, text_cell(mnemonic->text())});
    return output.record(record);
  }
  output.line("Wallet " + std::string(verb) + ": " + name);
  output.line("Address: " + hex::checksummed(address));
  if (mnemonic == nullptr) return;
  output.line("Mnemonic: " + std::string(mnemonic->text()));
  context.note("Write the mnemonic down: whoever has it has the wallet, and it is not stored.");
}

struct Protection {
  wallet::SecretBytes password;
  wallet::KeystoreOptions options;
};

Outcome<Protection> protection_for(const Context& context, const CreateOptions& options) {
  Protection out;
  if (options.light || options.unlocked) out.options.cost = wallet::kLightScrypt;
  out.options.unlocked = options.unlocked;
  if (options.unlocked && !context.options.password) return out;
  AITBC_ASSIGN(out.password, new_password(context, options.name));
  if (out.password.text() == kDevelopmentPassword && !options.unlocked) {
    out.options = {.cost = wallet::kLightScrypt, .unlocked = true};
    context.note("note: the development password protects nothing, so the wallet is marked unlocked");
  }
  return out;
}

Outcome<void> store_wallet(const Context& context, std::string_view verb, const CreateOptions& options,
                           const PrivateKey& key, const wallet::SecretBytes* mnemonic) {
  AITBC_ASSIGN(const Protection protection, protection_for(context, options));
  AITBC_TRY(context.wallets().add(options.name, key, protection.password.view(), protection.options));
  report_wallet(context, verb, options.name, key.address(), mnemonic);
  return {};
}

Outcome<void> check_free_name(const Context& context, const std::string& name) {
  AITBC_TRY(wallet::check_wallet_name(name));
  if (context.wallets().contains(name))
    return failed(Exit::refused, "a wallet named '" + name + "' exists already; choose another name");
  return {};
}

Outcome<void> create(const Context& context, const CreateOptions& options) {
  AITBC_TRY(check_free_name(context, options.name));
  if (options.words == 0) return store_wallet(context, "created", options, PrivateKey::generate(), nullptr);
  const wallet::SecretBytes mnemonic = wallet::generate_mnemonic(options.words);
  AITBC_ASSIGN(const wallet::SecretBytes seed, wallet::seed_from_mnemonic(mnemonic.text(), ""));
  AITBC_ASSIGN(const PrivateKey key, wallet::account_key(seed.view(), 0));
  return store_wallet(context, "created", options, key, &mnemonic);
}

struct ImportOptions {
  CreateOptions create;
  ImportSource source;
};

Outcome<void> import(const Context& context, const ImportOptions& options) {
  AITBC_TRY(check_free_name(context, options.create.name));
  if (options.source.keystore_file.empty()) {
    AITBC_ASSIGN(const PrivateKey key, read_key(context, options.source));
    return store_wallet(context, "imported", options.create, key, nullptr);
  }
  // The file keeps its password; it is opened once to be sure that there is a key in it.
  AITBC_ASSIGN(wallet::Keystore keystore, read_keystore(options.source));
  AITBC_ASSIGN(const PrivateKey key, open_keystore(context, keystore, options.source.keystore_file));
  keystore.address = key.address();
  AITBC_TRY(context.wallets().store(options.create.name, keystore));
  report_wallet(context, "imported", options.create.name, key.address(), nullptr);
  return {};
}

Outcome<void> list(const Context& context) {
  AITBC_ASSIGN(const std::vector<wallet::WalletEntry> entries, context.wallets().list());
  Output output = context.output();
  Table table{{{"name", "NAME"}, {"address", "ADDRESS"}, {"unlocked", "UNLOCKED"}}, {}, ""};
  bool all_read = true;
  for (const wallet::WalletEntry& entry : entries) {
    if (!entry.keystore) {
      context.note("warning: " + entry.keystore.error().message);
      all_read = false;
      continue;
    }
    const auto& address = entry.keystore->address;
    const std::string shown = address ? hex::checksummed(*address) : "(address not in the file)";
    if (!output.is_json()) output.line(entry.name + ": " + shown);
    table.rows.push_back({text_cell(entry.name), address ? text_cell(shown) : Cell{"", "null"},
                          boolean_cell(entry.keystore->open_password.has_value())});
  }
  if (output.is_json()) output.table(table);
  if (entries.empty() && !output.is_json())
    context.note("no wallets in " + context.wallets().folder().string() +
                 "; make one with: aitbc create --name NAME");
  if (!all_read) return failed(Exit::local, "some wallet files are damaged; restore them from a backup");
  return {};
}

struct BalanceOptions {
  std::string name;
  std::string address;
};

Outcome<void> balance(Context& context, const BalanceOptions& options) {
  Record record;
  Address account;
  if (options.address.empty()) {
    AITBC_ASSIGN(account, wallet_address(context, options.name));
    record.push_back({{"name", "Wallet"}, text_cell(options.name)});
  } else {
    AITBC_ASSIGN(account, resolve_account(context, options.address));
  }
  AITBC_ASSIGN(NodeClient* const node, context.node());
  AITBC_ASSIGN(const Amount amount, node->balance(account));
  record.push_back({{"address", "Address"}, address_cell(account)});
  record.push_back({{"balance", "Balance"}, ait_cell(amount)});
  context.output().record(record);
  return {};
}

void add_protection_options(CLI::App& command, CreateOptions& options) {
  command.add_option("--name", options.name, "Name of the new wallet")->required();
  command.add_flag("--unlocked", options.unlocked,
                   "For development: keep the password in the file, so that none has to be typed");
  command.add_flag("--light", options.light,
                   "A quick key derivation (4 MiB instead of 256 MiB), as geth's --lightkdf");
}

void add_create(CLI::App& root, Context& context) {
  auto options = std::make_shared<CreateOptions>();
  CLI::App* command = root.add_subcommand("create", "Make a wallet with a new key");
  add_protection_options(*command, *options);
  command
      ->add_option("--words", options->words, "Make the key from a mnemonic of that many words and show it")
      ->check(CLI::IsMember({12, 15, 18, 21, 24}));
  command->callback(
      [&context, options] { context.action = [&context, options] { return create(context, *options); }; });
}

void add_import(CLI::App& root, Context& context) {
  auto options = std::make_shared<ImportOptions>();
  CLI::App* command =
      root.add_subcommand("import", "Make a wallet from a key, a mnemonic or a keystore file");
  add_protection_options(*command, options->create);
  ImportSource& source = options->source;
  CLI::Option_group* sources = command->add_option_group("source", "Asked for when none is given");
  sources->add_option("--private-key-file", source.key_file, "File with a private key in hexadecimal");
  sources->add_option("--mnemonic-file", source.mnemonic_file, "File with an English BIP-39 mnemonic");
  sources->add_option("--keystore", source.keystore_file,
                      "Keystore file (version 3) of geth, MetaMask, ethers...");
  sources->require_option(0, 1);
  command->add_option("--index", source.index, "Account of a mnemonic: m/44'/60'/0'/0/INDEX")
      ->capture_default_str();
  command->callback(
      [&context, options] { context.action = [&context, options] { return import(context, *options); }; });
}

void add_balance(CLI::App& root, Context& context) {
  auto options = std::make_shared<BalanceOptions>();
  CLI::App* command = root.add_subcommand("balance", "Show how much an account has");
  CLI::Option_group* which = command->add_option_group("account");
  which->add_option("--name", options->name, "Name of a wallet");
  which->add_option("--address", options->address, "Address (0x, ait1, aitbc1) or name of a wallet");
  which->require_option(1);
  command->callback(
      [&context, options] { context.action = [&context, options] { return balance(context, *options); }; });
}

}  // namespace

void add_wallet_commands(CLI::App& root, Context& context) {
  add_create(root, context);
  add_import(root, context);
  root.add_subcommand("list", "List the wallets: one 'NAME: ADDRESS' line each")->callback([&context] {
    context.action = [&context] { return list(context); };
  });
  add_balance(root, context);
}

}  // namespace aitbc::cli
