#include "node/opened_chain.hpp"

#include "consensus/qbft/engine.hpp"
#include "marketplace/marketplace.hpp"
#include "node/consensus_driver.hpp"
#include "node/data_directory.hpp"
#include "storage/rocks_store.hpp"

namespace aitbc {
namespace {

// The engine keeps nothing of the reader's own: it asks for final headers when it needs them.
consensus::HeaderReader header_reader(const chain::Chain& chain) {
  return [&chain](Height height) -> std::optional<Header> {
    const auto header = chain::read_header(*chain.view()->snapshot, height);
    return header ? *header : std::nullopt;
  };
}

}  // namespace

qbft::Config engine_config(const genesis::QbftConfig& rules) {
  qbft::Config config;
  config.schedule.block_period = std::chrono::milliseconds(rules.block_period_ms);
  config.schedule.empty_block_period = std::chrono::seconds(rules.empty_block_period_seconds);
  config.schedule.request_timeout = std::chrono::seconds(rules.request_timeout_seconds);
  config.epoch_length = rules.epoch_length;
  return config;
}

Result<std::unique_ptr<OpenedChain>> open_chain(const NodeConfig& config, OpenMode mode) {
  auto opened = std::make_unique<OpenedChain>();
  AITBC_ASSIGN(opened->genesis, read_genesis_file(config.genesis_path()));
  if (mode == OpenMode::validator && std::filesystem::exists(config.key_path())) {
    AITBC_ASSIGN(opened->validator_key, read_key_file(config.key_path()));
  }
  RocksOptions rocks;
  rocks.create_if_missing = mode == OpenMode::validator || !std::filesystem::exists(config.database_path());
  rocks.block_cache_bytes = config.block_cache_mb << 20;
  AITBC_ASSIGN(opened->store, open_rocks_store(config.database_path(), rocks));
  opened->marketplace = make_marketplace();
  opened->modules = {opened->marketplace.get()};
  AITBC_ASSIGN(opened->chain,
               chain::Chain::open(*opened->store, opened->genesis, opened->modules, config.chain));
  AITBC_ASSIGN(auto record, read_consensus_record(*opened->store));
  AITBC_ASSIGN(opened->engine, qbft::make_engine(engine_config(opened->genesis.qbft),
                                                 qbft::secp256k1_signatures(opened->validator_key),
                                                 header_reader(*opened->chain), std::move(record)));
  return opened;
}

}  // namespace aitbc
