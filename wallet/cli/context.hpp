// What every command of one run shares: the global options and how to reach things with them.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "wallet/cli/environment.hpp"
#include "wallet/cli/node_client.hpp"
#include "wallet/cli/outcome.hpp"
#include "wallet/cli/output.hpp"
#include "wallet/secret.hpp"
#include "wallet/wallet_directory.hpp"

namespace aitbc::cli {

struct GlobalOptions {
  std::string rpc_url;
  std::string wallet_dir;
  std::string format = "text";
  double timeout_seconds = 30;  // of one answer
  // Where a password may come from; see passwords.hpp.
  std::optional<wallet::SecretBytes> password;
  std::string password_file;
};

class Context {
 public:
  explicit Context(Environment environment) : env(std::move(environment)) {}
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;

  Output output() const;
  wallet::WalletDirectory wallets() const;
  // Of one answer of a node.
  std::chrono::milliseconds timeout() const {
    return std::chrono::milliseconds(static_cast<std::int64_t>(options.timeout_seconds * 1000));
  }
  // Connects when first asked.
  Outcome<NodeClient*> node();
  // A hint or warning for people, never part of the output.
  void note(const std::string& text) const { env.err << text << '\n' << std::flush; }

  Environment env;
  GlobalOptions options;
  // Set by the command that the arguments name, run after they are all read.
  std::function<Outcome<void>()> action;

 private:
  std::unique_ptr<RpcClient> rpc_;
  std::optional<NodeClient> node_;
};

// "0x..", "ait1..", "aitbc1.." or the name of a wallet.
Outcome<Address> resolve_account(const Context& context, const std::string& text);
// The address of a wallet, without its password.
Outcome<Address> wallet_address(const Context& context, const std::string& name);

}  // namespace aitbc::cli
