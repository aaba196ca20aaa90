#include "node/p2p/transaction_gossip.hpp"

#include <algorithm>
#include <deque>
#include <map>
#include <mutex>
#include <unordered_map>

#include "crypto/keccak.hpp"
#include "node/p2p/rate_limit.hpp"
#include "node/p2p/recent_hashes.hpp"

namespace aitbc::p2p {
namespace {

constexpr std::size_t kMaxOtherAnnouncers = 3;
constexpr std::size_t kBytesPerMessage = 1U << 20;

Seconds to_seconds(TimePoint time) {
  return static_cast<Seconds>(
      std::chrono::duration_cast<std::chrono::seconds>(time.time_since_epoch()).count());
}

}  // namespace

struct TransactionGossip::Impl : std::enable_shared_from_this<TransactionGossip::Impl> {
  explicit Impl(TransactionGossipParts the_parts) : parts(the_parts) {}

  struct PeerState {
    RecentHashes knows{kRememberedOfPeer};
    std::size_t wanted = 0;  // asked for and not answered
    TokenBucket answers{{kAnswerKibPerSecond, kAnswerKibAtOnce}};
  };
  struct Wanted {
    PeerId asked = 0;
    TimePoint deadline{};
    std::vector<PeerId> others;  // who announced it, too
  };
  // A message's transactions on their way into the pool.
  struct Batch {
    PeerId peer;
    std::vector<Bytes> wire;
    Hold hold;  // bounds what one peer, and all together, can have waiting here
  };

  TransactionGossipParts parts;

  // ---- net executor
  std::map<PeerId, PeerState> peers;
  std::unordered_map<Hash, Wanted, FixedBytesHash> wanted;
  RecentHashes seen{kRemembered};  // here already, or once: in a block or refused since
  std::unique_ptr<Runtime::Timer> announce_timer, expiry_timer, reminder_timer;

  // ---- any thread
  std::mutex mutex;
  std::vector<Hash> admitted;  // to be announced
  bool announcing = false;     // that is on its way
  std::deque<Batch> batches;   // to be examined, in the order of arrival
  bool examining = false;      // by one task of the work executor

  // ---- announcing

  void announce_soon() {
    announce_timer = parts.runtime.set_timer(parts.runtime.now() + kAnnounceDelay,
                                             [self = shared_from_this()] { self->announce_admitted(); });
  }

  void announce_admitted() {
    std::vector<Hash> hashes;
    {
      const std::lock_guard lock(mutex);
      hashes.swap(admitted);
      announcing = false;
    }
    for (const Hash& hash : hashes) {
      seen.add(hash);
      forget(hash);
    }
    for (auto& [id, peer] : peers) announce_to(id, peer, hashes);
  }

  void announce_to(PeerId id, PeerState& peer, const std::vector<Hash>& hashes) {
    TransactionHashes message;
    for (const Hash& hash : hashes) {
      if (!peer.knows.add(hash)) continue;
      message.hashes.push_back(hash);
      if (message.hashes.size() == kMaxHashes) flush(id, message);
    }
    flush(id, message);
  }

  void flush(PeerId id, TransactionHashes& message) {
    if (!message.hashes.empty()) parts.network.send(id, make_frame(message));
    message.hashes.clear();
  }

  // Everything that waits, for who was not here when it came. The pool is copied off the net thread.
  void announce_pool_to(PeerId id) {
    parts.runtime.post_work([self = shared_from_this(), id] {
      std::vector<Hash> hashes;
      for (const auto& [sender, content] : self->parts.mempool.content())
        for (const TransactionPtr& transaction : content.pending) hashes.push_back(transaction->hash);
      if (hashes.empty()) return;
      self->parts.runtime.post_net([self, id, hashes = std::move(hashes)] {
        if (const auto found = self->peers.find(id); found != self->peers.end())
          self->announce_to(id, found->second, hashes);
      });
    });
  }

  // A bound somewhere may have cost an announcement: the best that still wait are named again, to everyone.
  void remind() {
    reminder_timer = parts.runtime.set_timer(parts.runtime.now() + kReminder,
                                             [self = shared_from_this()] { self->remind(); });
    if (peers.empty() || parts.mempool.status().pending == 0) return;
    parts.runtime.post_work([self = shared_from_this()] {
      TransactionHashes message;
      const auto best = self->parts.mempool.select(Amount(), ~Gas{0}, kMaxHashes * 512);
      for (const TransactionPtr& transaction : best) {
        if (message.hashes.size() == kMaxHashes) break;
        message.hashes.push_back(transaction->hash);
      }
      if (message.hashes.empty()) return;
      self->parts.runtime.post_net([self, frame = make_frame(message)] {
        for (const auto& [id, peer] : self->peers) self->parts.network.send(id, frame);
      });
    });
  }

  // ---- fetching

  void receive(PeerId id, const TransactionHashes& message) {
    PeerState& peer = peers.at(id);
    GetTransactions request;
    for (const Hash& hash : message.hashes) {
      peer.knows.add(hash);
      if (seen.contains(hash)) continue;
      const auto found = wanted.find(hash);
      if (found != wanted.end()) {
        std::vector<PeerId>& others = found->second.others;
        if (others.size() < kMaxOtherAnnouncers && found->second.asked != id) others.push_back(id);
        continue;
      }
      if (wanted.size() >= kMaxWanted || peer.wanted >= kMaxWantedOfPeer) break;
      if (parts.mempool.find(hash) != nullptr) continue;
      want(hash, id, {});
      request.hashes.push_back(hash);
    }
    if (!request.hashes.empty()) parts.network.send(id, make_frame(request));
  }

  void want(const Hash& hash, PeerId id, std::vector<PeerId> others) {
    wanted[hash] = {id, parts.runtime.now() + kAnswerTime, std::move(others)};
    ++peers.at(id).wanted;
  }

  void forget(const Hash& hash) {
    const auto found = wanted.find(hash);
    if (found == wanted.end()) return;
    if (const auto peer = peers.find(found->second.asked); peer != peers.end()) --peer->second.wanted;
    wanted.erase(found);
  }

  // Asks others for what was not answered; what nobody else announced may be announced again.
  void expire() {
    expiry_timer = parts.runtime.set_timer(parts.runtime.now() + kAnswerTime / 2,
                                           [self = shared_from_this()] { self->expire(); });
    std::vector<std::pair<Hash, std::vector<PeerId>>> late;
    for (const auto& [hash, entry] : wanted)
      if (entry.deadline <= parts.runtime.now()) late.emplace_back(hash, entry.others);
    std::sort(late.begin(), late.end());  // the same in every run of a simulation
    std::map<PeerId, GetTransactions> requests;
    for (auto& [hash, others] : late) {
      forget(hash);
      std::erase_if(others, [this](PeerId id) { return !peers.contains(id); });
      if (others.empty()) continue;
      const PeerId next = others.front();
      others.erase(others.begin());
      want(hash, next, std::move(others));
      GetTransactions& request = requests[next];
      request.hashes.push_back(hash);
      if (request.hashes.size() < kMaxHashes) continue;
      parts.network.send(next, make_frame(request));
      request.hashes.clear();
    }
    for (const auto& [id, request] : requests)
      if (!request.hashes.empty()) parts.network.send(id, make_frame(request));
  }

  // ---- answering

  void receive(PeerId id, const GetTransactions& message) {
    Transactions answer;
    std::size_t bytes = 0, total = 0;
    for (const Hash& hash : message.hashes) {
      const TransactionPtr transaction = parts.mempool.find(hash);
      if (transaction == nullptr) continue;
      total += transaction->wire.size();
      if (total > kMaxAnswerBytes) break;
      bytes += transaction->wire.size();
      answer.wire.push_back(transaction->wire);
      if (bytes < kBytesPerMessage) continue;
      if (!send_answer(id, answer, bytes)) return;
      answer.wire.clear();
      bytes = 0;
    }
    if (!answer.wire.empty()) send_answer(id, answer, bytes);
  }

  // False: the peer asks for more than its share.
  bool send_answer(PeerId id, const Transactions& answer, std::size_t bytes) {
    const auto kib = static_cast<std::uint32_t>((bytes >> 10) + 1);
    if (!peers.at(id).answers.take(parts.runtime.now(), kib)) {
      parts.network.punish(id, Offence::nuisance, "asks for too many transactions");
      return false;
    }
    return parts.network.send(id, make_frame(answer));
  }

  // ---- admitting

  void receive(PeerId id, const Transactions& message, const Hold& hold) {
    Batch batch{id, {}, hold};
    for (const Bytes& wire : message.wire) {
      const Hash hash = keccak256(wire);
      const auto found = wanted.find(hash);
      if (found == wanted.end() || found->second.asked != id) {
        // A late answer: somebody else was asked meanwhile.
        if (!seen.contains(hash))
          parts.network.punish(id, Offence::nuisance, "a transaction nobody asked for");
        if (!peers.contains(id)) return;
        continue;
      }
      forget(hash);
      seen.add(hash);
      batch.wire.push_back(wire);
    }
    if (batch.wire.empty()) return;
    const std::lock_guard lock(mutex);
    batches.push_back(std::move(batch));
    if (examining) return;
    examining = true;
    parts.runtime.post_work([self = shared_from_this()] { self->examine(); });
  }

  // One task at a time, so that a sender's transactions stay in order; all that has arrived shares one write.
  void examine() {
    for (;;) {
      std::deque<Batch> taken;
      {
        const std::lock_guard lock(mutex);
        taken.swap(batches);
        if (taken.empty()) {
          examining = false;
          return;
        }
      }
      std::vector<TransactionPtr> recovered;
      for (const Batch& batch : taken) {
        bool is_honest = true;
        for (const Bytes& wire : batch.wire) {
          auto transaction = recover_transaction(wire);
          if (transaction) recovered.push_back(std::move(*transaction));
          is_honest = is_honest && transaction.has_value();
        }
        if (!is_honest)
          parts.runtime.post_net([self = shared_from_this(), id = batch.peer] {
            self->parts.network.punish(id, Offence::forgery, "a transaction that cannot be one");
          });
      }
      admit(recovered);
    }
  }

  // What the pool refuses, an honest peer with another head may hold; it may be taken when it is announced
  // again.
  void admit(const std::vector<TransactionPtr>& transactions) {
    const auto results = parts.mempool.add(transactions, to_seconds(parts.runtime.now()));
    std::vector<Hash> refused;
    for (std::size_t i = 0; i < results.size(); ++i)
      if (!results[i]) refused.push_back(transactions[i]->hash);
    if (refused.empty()) return;
    parts.runtime.post_net([self = shared_from_this(), refused = std::move(refused)] {
      for (const Hash& hash : refused) self->seen.remove(hash);
    });
  }
};

TransactionGossip::TransactionGossip(TransactionGossipParts parts) : impl_(std::make_shared<Impl>(parts)) {}
TransactionGossip::~TransactionGossip() = default;

void TransactionGossip::start() {
  impl_->parts.runtime.post_net([impl = impl_] {
    impl->expire();
    impl->remind();
  });
}

void TransactionGossip::announce(std::span<const TransactionPtr> transactions) {
  {
    const std::lock_guard lock(impl_->mutex);
    for (const TransactionPtr& transaction : transactions) impl_->admitted.push_back(transaction->hash);
    if (impl_->announcing) return;
    impl_->announcing = true;
  }
  impl_->parts.runtime.post_net([impl = impl_] { impl->announce_soon(); });
}

void TransactionGossip::on_connected(const Peer& peer) {
  impl_->peers[peer.id];
  impl_->announce_pool_to(peer.id);
}

void TransactionGossip::on_disconnected(PeerId peer) { impl_->peers.erase(peer); }

void TransactionGossip::on_message(PeerId peer, const Message& message, const Hold& hold) {
  if (!impl_->peers.contains(peer)) return;
  if (const auto* hashes = std::get_if<TransactionHashes>(&message)) impl_->receive(peer, *hashes);
  if (const auto* request = std::get_if<GetTransactions>(&message)) impl_->receive(peer, *request);
  if (const auto* answer = std::get_if<Transactions>(&message)) impl_->receive(peer, *answer, hold);
}

}  // namespace aitbc::p2p
