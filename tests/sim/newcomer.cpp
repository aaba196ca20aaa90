#include "tests/sim/newcomer.hpp"

#include <array>

namespace aitbc::sim {

Result<std::unique_ptr<Newcomer>> Newcomer::start(NewcomerParts parts) {
  std::unique_ptr<Newcomer> newcomer(new Newcomer(std::move(parts)));
  AITBC_TRY(newcomer->open());
  return newcomer;
}

Result<void> Newcomer::open() {
  const std::array<const Module*, 1> modules{&parts_.marketplace};
  AITBC_ASSIGN(first_block_, genesis::build_genesis(parts_.genesis, modules));
  AITBC_ASSIGN(engine_,
               qbft::make_engine(parts_.config, std::move(parts_.signatures),
                                 sync::stored_header(*parts_.store, first_block_.header), std::nullopt));
  network_ = parts_.wires.plug_in(parts_.node, parts_.machine, [this] {
    return p2p::Head{0, first_block_.hash};
  });
  sync::SnapshotSyncOptions options;
  options.request_timeout = Duration(2000);
  sync_ = std::make_unique<sync::SnapshotSync>(
      sync::SnapshotSyncParts{*parts_.machine, *network_, *parts_.store, parts_.genesis, first_block_,
                              *engine_, [this](Height) { parts_.on_done(); }, parts_.on_fatal},
      options);
  parts_.machine->post_net([this] {
    sync_->start();
    network_->open();
  });
  return {};
}

}  // namespace aitbc::sim
