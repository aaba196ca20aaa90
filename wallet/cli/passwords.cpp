#include "wallet/cli/passwords.hpp"

#include "wallet/files.hpp"

namespace aitbc::cli {
namespace {

using wallet::SecretBytes;

constexpr std::size_t kMaxPasswordFile_bytes = 4096;

// The first line of the file.
Outcome<SecretBytes> password_from_file(const Context& context, const std::string& path) {
  AITBC_ASSIGN(std::string content, wallet::read_small_file(path, kMaxPasswordFile_bytes));
  if (wallet::others_may_read(path))
    context.note("warning: others may read the password in " + path + "; chmod 600 it");
  const std::string_view text = content;
  std::string_view line = text.substr(0, text.find('\n'));
  if (line.ends_with('\r')) line.remove_suffix(1);
  SecretBytes out = SecretBytes::from_text(line);
  wallet::clear_text(content);
  return out;
}

using MaybePassword = std::optional<SecretBytes>;

Outcome<MaybePassword> password_from_options(const Context& context) {
  const GlobalOptions& options = context.options;
  if (!options.password_file.empty() && options.password)
    return failed(Exit::usage, "give --password-file or --password, not both");
  if (!options.password_file.empty()) {
    AITBC_ASSIGN(SecretBytes password, password_from_file(context, options.password_file));
    return MaybePassword(std::move(password));
  }
  if (options.password) {
    context.note(
        "warning: --password can be seen by others and stays in the shell's history; "
        "use --password-file or AITBC_PASSWORD");
    return MaybePassword(options.password->copy());
  }
  return MaybePassword();
}

MaybePassword password_from_variable(const Context& context) {
  auto value = context.env.variable("AITBC_PASSWORD");
  if (!value) return std::nullopt;
  SecretBytes out = SecretBytes::from_text(*value);
  wallet::clear_text(*value);
  return out;
}

tl::unexpected<Failure> nobody_to_ask(const std::string& what) {
  return failed(Exit::wrong_password, what + " needs a password: give --password-file or AITBC_PASSWORD");
}

}  // namespace

Outcome<SecretBytes> new_password(const Context& context, const std::string& wallet_name) {
  AITBC_ASSIGN(MaybePassword given, password_from_options(context));
  if (!given) given = password_from_variable(context);
  if (!given) {
    const std::string what = "wallet '" + wallet_name + "'";
    given = context.env.ask_secret("New password for " + what + ": ");
    if (!given) return nobody_to_ask("a new wallet");
    const MaybePassword again = context.env.ask_secret("The same password again: ");
    if (!again || again->text() != given->text())
      return failed(Exit::usage, "the two passwords differ; nothing was created");
  }
  if (given->size() == 0)
    return failed(Exit::usage,
                  "an empty password protects nothing; give one, or --unlocked for a development wallet");
  return *std::move(given);
}

Outcome<PrivateKey> open_keystore(const Context& context, const wallet::Keystore& keystore,
                                  const std::string& what) {
  AITBC_ASSIGN(MaybePassword password, password_from_options(context));
  if (!password && keystore.open_password) password = SecretBytes::from_text(*keystore.open_password);
  if (!password) password = password_from_variable(context);
  if (!password) password = context.env.ask_secret("Password of " + what + ": ");
  if (!password) return nobody_to_ask(what);
  const auto key = wallet::decrypt_key(keystore, password->view());
  if (key) return *key;
  if (key.error().code != ErrorCode::invalid_input) return fail(key.error());
  return failed(Exit::wrong_password, key.error().message + " for " + what);
}

Outcome<PrivateKey> open_wallet(const Context& context, const std::string& name) {
  AITBC_ASSIGN(const wallet::Keystore keystore, context.wallets().read(name));
  if (context.wallets().is_exposed(name))
    context.note("warning: others may read the file of wallet '" + name + "'; chmod 600 it");
  return open_keystore(context, keystore, "wallet '" + name + "'");
}

}  // namespace aitbc::cli
