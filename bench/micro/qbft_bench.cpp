// The bare protocol: engines that pass each other messages in memory, with signatures that cost nothing.
// Items are messages received, of all four kinds (proposals, prepares, commits of a chain in which nothing
// goes wrong; round changes where the first proposer of every height is silent).
#include <benchmark/benchmark.h>

#include <algorithm>
#include <deque>
#include <map>
#include <memory>
#include <vector>

#include "base/check.hpp"
#include "consensus/qbft/engine.hpp"
#include "consensus/qbft/header_forms.hpp"

namespace aitbc::qbft {
namespace {

class FreeSignatures final : public Signatures {
 public:
  explicit FreeSignatures(const Address& self) : self_(self) {}
  Result<Address> recover(const Hash&, const Signature& signature) const override {
    return Address::from(ByteView(signature.r).subspan(12));
  }
  std::optional<Address> self() const override { return self_; }
  Signature sign(const Hash& digest) const override {
    Signature signature;
    std::copy(self_.bytes.begin(), self_.bytes.end(), signature.r.begin() + 12);
    signature.s = digest.bytes;
    return signature;
  }

 private:
  Address self_;
};

Header genesis(const std::vector<Address>& validators) {
  Header header;
  header.ommers_hash = kEmptyOmmersHash;
  header.mix_hash = kMixHash;
  header.extra_data = genesis_extra_data(validators);
  return header;
}

// n validators and a network without delay. Time stands still but for the timers.
class Network {
 public:
  Network(std::size_t n, bool first_proposer_is_silent) : silent_(first_proposer_is_silent) {
    for (std::size_t i = 0; i < n; ++i) {
      Address address;
      address.bytes[18] = static_cast<std::uint8_t>(i >> 8);
      address.bytes[19] = static_cast<std::uint8_t>(i);
      validators_.push_back(address);
    }
    chain_.push_back(genesis(validators_));
    const auto reader = [this](Height height) {
      return height < chain_.size() ? std::optional(chain_[height]) : std::nullopt;
    };
    timers_.resize(n);
    for (const Address& address : validators_)
      engines_.push_back(
          *make_engine(Config{}, std::make_unique<const FreeSignatures>(address), reader, std::nullopt));
    for (std::size_t i = 0; i < n; ++i) feed(i, consensus::HeadChanged{chain_[0]});
  }

  // Runs until one more block is final everywhere. The result: messages received.
  std::size_t run_height() {
    const std::size_t before = received_;
    committed_ = 0;
    while (committed_ < engines_.size()) {
      if (queue_.empty()) fire_next_timer();
      while (!queue_.empty()) deliver();
    }
    return received_ - before;
  }

 private:
  struct Letter {
    std::size_t from;
    std::size_t to;
    std::shared_ptr<const Bytes> message;
  };

  void deliver() {
    const Letter letter = std::move(queue_.front());
    queue_.pop_front();
    ++received_;
    feed(letter.to, consensus::MessageReceived{letter.from, *letter.message});
  }

  void fire_next_timer() {
    std::size_t node = 0;
    auto next = timers_[0].end();
    for (std::size_t i = 0; i < timers_.size(); ++i)
      for (auto it = timers_[i].begin(); it != timers_[i].end(); ++it)
        if (next == timers_[node].end() || it->second < next->second) {
          node = i;
          next = it;
        }
    AITBC_CHECK(next != timers_[node].end(), "the network is dead");
    now_ = std::max(now_, next->second);
    const std::uint64_t timer = next->first;
    timers_[node].erase(next);
    feed(node, consensus::TimerFired{timer});
  }

  void feed(std::size_t node, const consensus::Event& event) {
    for (consensus::Action& action : engines_[node]->on(event, now_))
      std::visit([&](auto& specific) { perform(node, specific); }, action);
  }
  void perform(std::size_t node, consensus::BuildBlock& build) {
    if (silent_ && engines_[node]->status().round == 0)
      return feed(node, consensus::BlockBuilt{build.request, {}});
    Header header = chain_.back();
    header.parent_hash = header_hash(chain_.back());
    header.number = build.number;
    header.timestamp = build.timestamp;
    header.coinbase = build.coinbase;
    header.extra_data = build.extra_data;
    feed(node, consensus::BlockBuilt{build.request, Block{header, {}}});
  }
  void perform(std::size_t node, consensus::CheckBlock& check) {
    feed(node, consensus::BlockChecked{check.request, Block{check.block.header, {}}});
  }
  void perform(std::size_t node, consensus::CommitBlock& commit) {
    if (commit.block.header.number == chain_.size()) chain_.push_back(commit.block.header);
    ++committed_;
    feed(node, consensus::HeadChanged{commit.block.header});
  }
  void perform(std::size_t node, consensus::Broadcast& broadcast) {
    const auto message = std::make_shared<const Bytes>(std::move(broadcast.message));
    for (std::size_t peer = 0; peer < engines_.size(); ++peer)
      if (peer != node) queue_.push_back({node, peer, message});
  }
  void perform(std::size_t node, consensus::SetTimer& set) { timers_[node][set.timer] = set.at; }
  void perform(std::size_t node, consensus::CancelTimer& cancel) { timers_[node].erase(cancel.timer); }
  void perform(std::size_t, consensus::SendTo&) {}
  void perform(std::size_t, consensus::Relay&) {}
  void perform(std::size_t, consensus::Persist&) {}
  void perform(std::size_t, consensus::PunishPeer&) { AITBC_CHECK(false, "an honest engine was punished"); }

  bool silent_;
  std::vector<Address> validators_;
  std::vector<Header> chain_;
  std::vector<std::unique_ptr<Engine>> engines_;
  std::vector<std::map<std::uint64_t, consensus::TimePoint>> timers_;
  std::deque<Letter> queue_;
  consensus::TimePoint now_{std::chrono::seconds(1'000'000)};
  std::size_t received_ = 0;
  std::size_t committed_ = 0;
};

void run(benchmark::State& state, bool first_proposer_is_silent) {
  Network network(static_cast<std::size_t>(state.range(0)), first_proposer_is_silent);
  std::size_t messages = 0;
  std::size_t heights = 0;
  for (auto _ : state) {
    messages += network.run_height();
    ++heights;
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(messages));
  state.counters["messages_per_height"] =
      static_cast<double>(messages) / static_cast<double>(std::max<std::size_t>(1, heights));
}

void qbft_heights(benchmark::State& state) { run(state, false); }
void qbft_heights_with_a_round_change(benchmark::State& state) { run(state, true); }

BENCHMARK(qbft_heights)->Arg(4)->Arg(10)->Arg(100);
BENCHMARK(qbft_heights_with_a_round_change)->Arg(4)->Arg(10);

}  // namespace
}  // namespace aitbc::qbft
