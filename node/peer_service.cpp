#include "node/peer_service.hpp"

#include "node/consensus_gossip.hpp"
#include "node/data_directory.hpp"
#include "node/p2p/head_gossip.hpp"
#include "node/p2p/transaction_gossip.hpp"
#include "node/version.hpp"

namespace aitbc {
namespace {

p2p::Head head_of(const chain::ChainView& view) { return {view.head.number, view.head_hash}; }

}  // namespace

Result<p2p::TlsNetworkOptions> network_options(const NodeConfig& config) {
  p2p::TlsNetworkOptions options;
  options.listen = !config.p2p.listen.empty();
  if (options.listen) {
    AITBC_ASSIGN(const p2p::ListenAddress listen, p2p::parse_listen_address(config.p2p.listen));
    options.listen_address = listen.host;
    options.port = listen.port;
  }
  for (const std::string& text : config.p2p.static_peers) {
    AITBC_ASSIGN(const p2p::NodeAddress address, p2p::parse_enode(text));
    options.static_peers.push_back(address);
  }
  options.max_peers = config.p2p.max_peers;
  options.peer_exchange = config.p2p.peer_exchange;
  options.peers_file = config.data_dir / "peers";
  options.client = kClientVersion;
  return options;
}

struct PeerService::Impl {
  explicit Impl(PeerParts the_parts) : parts(std::move(the_parts)) {}

  PeerParts parts;
  std::unique_ptr<p2p::TlsNetwork> network;
  std::unique_ptr<ConsensusGossip> consensus;
  std::unique_ptr<p2p::TransactionGossip> transactions;
  std::unique_ptr<p2p::HeadGossip> heads;

  Result<void> open() {
    AITBC_ASSIGN(const PrivateKey key, ensure_key_file(parts.config.data_dir / "node.key"));
    AITBC_ASSIGN(p2p::TlsNetworkOptions options, network_options(parts.config));
    const chain::Chain& chain = *parts.opened.chain;
    const auto head = [&chain] { return head_of(*chain.view()); };
    AITBC_ASSIGN(network, p2p::TlsNetwork::open({parts.net, parts.runtime, parts.metrics, key,
                                                 chain.rules().chain_id, chain.genesis_hash(), head},
                                                std::move(options)));
    consensus = std::make_unique<ConsensusGossip>(*network, parts.deliver);
    transactions = std::make_unique<p2p::TransactionGossip>(
        p2p::TransactionGossipParts{*network, parts.runtime, parts.mempool});
    heads = std::make_unique<p2p::HeadGossip>(*network, parts.runtime);
    network->add_listener(*consensus);
    network->add_listener(*transactions);
    return {};
  }
};

PeerService::PeerService() = default;
PeerService::~PeerService() = default;

Result<std::unique_ptr<PeerService>> PeerService::open(PeerParts parts) {
  std::unique_ptr<PeerService> service(new PeerService());
  service->impl_ = std::make_unique<Impl>(std::move(parts));
  AITBC_TRY(service->impl_->open());
  return service;
}

p2p::TlsNetwork& PeerService::network() { return *impl_->network; }
ConsensusTransport PeerService::transport() { return impl_->consensus->transport(); }

void PeerService::start() {
  impl_->transactions->start();
  impl_->network->start();
}

void PeerService::stop(std::function<void()> then) { impl_->network->stop(std::move(then)); }
void PeerService::stop() { impl_->network->stop(); }

void PeerService::on_head(const chain::HeadEvent& event) {
  impl_->parts.runtime.post_net(
      [impl = impl_.get(), head = head_of(*event.view)] { impl->heads->announce(head); });
}

void PeerService::on_admitted(std::span<const TransactionPtr> admitted) {
  impl_->transactions->announce(admitted);
}

}  // namespace aitbc
