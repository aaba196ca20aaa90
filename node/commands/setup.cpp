// init, config check: the commands that make or show a node's files.
#include <cstdio>

#include "codec/hex.hpp"
#include "execution/module.hpp"
#include "marketplace/marketplace.hpp"
#include "node/commands/commands.hpp"
#include "node/data_directory.hpp"

namespace aitbc::commands {
namespace {

namespace fs = std::filesystem;

}  // namespace

Result<genesis::Genesis> devnet_genesis(std::span<const Address> validators, std::uint64_t period_ms) {
  AITBC_ASSIGN(genesis::Genesis genesis, genesis::parse_genesis(genesis::devnet_json()));
  genesis.qbft.block_period_ms = period_ms;
  return genesis::with_validators(std::move(genesis), validators);
}

int init(const NodeConfig& config, const InitOptions& options) {
  if (fs::exists(config.genesis_path()) || fs::exists(config.database_path()))
    return report({ErrorCode::conflict, config.data_dir.string() + " is initialized already"});
  const auto key = ensure_key_file(config.key_path());
  if (!key) return report(key.error());
  const Address address = key->address();
  auto genesis = options.genesis.empty()
                     ? devnet_genesis({&address, 1}, genesis::QbftConfig{}.block_period_ms)
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
