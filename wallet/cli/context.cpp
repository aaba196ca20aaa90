#include "wallet/cli/context.hpp"

#include "codec/hex.hpp"

namespace aitbc::cli {

Output Context::output() const { return {env.out, options.format == "json" ? Format::json : Format::text}; }

wallet::WalletDirectory Context::wallets() const {
  if (!options.wallet_dir.empty()) return wallet::WalletDirectory(options.wallet_dir);
  return wallet::WalletDirectory(
      wallet::default_wallet_folder(env.variable("AITBC_WALLET_DIR"), env.variable("HOME")));
}

Outcome<NodeClient*> Context::node() {
  if (!node_) {
    AITBC_ASSIGN(rpc_, env.connect(options.rpc_url, timeout()));
    node_.emplace(*rpc_);
  }
  return &*node_;
}

Outcome<Address> wallet_address(const Context& context, const std::string& name) {
  AITBC_ASSIGN(const wallet::Keystore keystore, context.wallets().read(name));
  if (!keystore.address)
    return failed(Exit::local, "the file of wallet '" + name + "' does not say its address; import it again");
  return *keystore.address;
}

Outcome<Address> resolve_account(const Context& context, const std::string& text) {
  if (context.wallets().contains(text)) return wallet_address(context, text);
  const auto address = hex::parse_address(text);
  if (address) return *address;
  const bool looks_like_one =
      text.starts_with("0x") || text.starts_with("ait1") || text.starts_with("aitbc1");
  return failed(looks_like_one ? Exit::usage : Exit::refused,
                looks_like_one ? "'" + text + "' is not an address: " + address.error().message
                               : "'" + text + "' is neither an address nor a wallet in " +
                                     context.wallets().folder().string());
}

}  // namespace aitbc::cli
