// init, devnet, config check: the commands that make or show a node's files.
#include <cstdio>
#include <cstdlib>

#include "codec/hex.hpp"
#include "execution/module.hpp"
#include "marketplace/marketplace.hpp"
#include "node/commands/commands.hpp"
#include "node/commands/devnet_wallet.hpp"
#include "node/data_directory.hpp"

namespace aitbc::commands {
namespace {

namespace fs = std::filesystem;

// The key of the data directory, made when there is none.
Result<PrivateKey> ensure_key(const fs::path& file) {
  if (fs::exists(file)) return read_key_file(file);
  const PrivateKey key = PrivateKey::generate();
  AITBC_TRY(write_key_file(file, key));
  return key;
}

Result<genesis::Genesis> devnet_genesis(const Address& validator, std::uint64_t period_ms) {
  AITBC_ASSIGN(genesis::Genesis genesis, genesis::parse_genesis(genesis::devnet_json()));
  genesis.qbft.block_period_ms = period_ms;
  return genesis::with_validators(std::move(genesis), {&validator, 1});
}

Result<void> check_same_network(const fs::path& file, const DevnetOptions& options) {
  AITBC_ASSIGN(const genesis::Genesis existing, read_genesis_file(file));
  if (existing.qbft.block_period_ms == options.period_ms) return {};
  return fail(ErrorCode::conflict, file.parent_path().string() + " holds a devnet with a period of " +
                                       std::to_string(existing.qbft.block_period_ms) +
                                       " ms; give that period, another --data-dir, or remove the folder");
}

Result<void> prepare_devnet(const NodeConfig& config, const DevnetOptions& options) {
  if (options.validators != 1)
    return fail(ErrorCode::unsupported, "this version runs devnets of one validator: use --validators 1");
  if (options.period_ms < 10 || options.period_ms > 3'600'000)
    return fail(ErrorCode::invalid_input, "--period-ms takes 10 to 3600000");
  AITBC_ASSIGN(const PrivateKey key, ensure_key(config.key_path()));
  if (fs::exists(config.genesis_path())) return check_same_network(config.genesis_path(), options);
  AITBC_ASSIGN(const genesis::Genesis genesis, devnet_genesis(key.address(), options.period_ms));
  return write_text_file(config.genesis_path(), genesis::render_genesis(genesis), {});
}

void print_accounts(const fs::path& wallet_dir) {
  const auto genesis = genesis::parse_genesis(genesis::devnet_json());
  std::printf("Funded accounts. UNSAFE: their keys are public; never send anything of value to them.\n");
  for (const auto& [address, entry] : genesis->alloc)
    std::printf("  %s  %s AIT  %s\n", hex::checksummed(address).c_str(), to_ait_string(entry.balance).c_str(),
                entry.comment.c_str());
  std::printf("Mnemonic: %s\n", kDevnetMnemonic);
  std::printf("Wallet:   %s, password %s, in %s\n", kDevnetWallet, kDevnetPassword, wallet_dir.c_str());
}

fs::path default_wallet_dir() {
  // NOLINTBEGIN(concurrency-mt-unsafe): before any thread starts
  if (const char* chosen = std::getenv("AITBC_WALLET_DIR")) return chosen;
  const char* home = std::getenv("HOME");
  // NOLINTEND(concurrency-mt-unsafe)
  return fs::path(home != nullptr ? home : ".") / ".aitbc" / "wallets";
}

}  // namespace

int init(const NodeConfig& config, const InitOptions& options) {
  if (fs::exists(config.genesis_path()) || fs::exists(config.database_path()))
    return report({ErrorCode::conflict, config.data_dir.string() + " is initialized already"});
  const auto key = ensure_key(config.key_path());
  if (!key) return report(key.error());
  auto genesis = options.genesis.empty()
                     ? devnet_genesis(key->address(), genesis::QbftConfig{}.block_period_ms)
                     : read_genesis_file(options.genesis);
  if (!genesis) return report(genesis.error());
  const auto marketplace = make_marketplace();
  const Module* modules[] = {marketplace.get()};
  const auto block = genesis::build_genesis(*genesis, modules);
  if (!block) return report(block.error());
  if (auto written = write_text_file(config.genesis_path(), genesis::render_genesis(*genesis), {}); !written)
    return report(written.error());
  const fs::path config_file = config.data_dir / "aitbc-node.toml";
  if (auto written = write_text_file(config_file, render_config(config), {}); !written)
    return report(written.error());
  std::printf("validator address: %s\ngenesis block:     %s\nnext: aitbc-node run --config %s\n",
              hex::checksummed(key->address()).c_str(), hex::encode_prefixed(block->hash).c_str(),
              config_file.c_str());
  return kOk;
}

int devnet(NodeConfig config, const DevnetOptions& options) {
  if (auto prepared = prepare_devnet(config, options); !prepared) return report(prepared.error());
  const fs::path wallet_dir = options.wallet_dir.empty() ? default_wallet_dir() : options.wallet_dir;
  if (auto made = make_devnet_wallet(wallet_dir); !made) return report(made.error());
  print_accounts(wallet_dir);
  std::fflush(stdout);
  config.announce = "devnet ready";
  return run(config);
}

int config_check(const NodeConfig& config) {
  std::fputs(render_config(config).c_str(), stdout);
  if (!fs::exists(config.genesis_path())) {
    std::fprintf(stderr, "no genesis file at %s yet: run aitbc-node init\n", config.genesis_path().c_str());
    return kOk;
  }
  if (const auto genesis = read_genesis_file(config.genesis_path()); !genesis) return report(genesis.error());
  if (!fs::exists(config.key_path())) return kOk;
  if (const auto key = read_key_file(config.key_path()); !key) return report(key.error());
  return kOk;
}

}  // namespace aitbc::commands
