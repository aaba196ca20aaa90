#include "node/sync/snapshot_sync.hpp"

#include <algorithm>
#include <map>
#include <variant>

#include "codec/hex.hpp"
#include "crypto/keccak.hpp"
#include "execution/state_trie.hpp"
#include "node/chain/chain.hpp"
#include "node/chain/history.hpp"
#include "node/sync/snapshot_progress.hpp"
#include "node/telemetry/log.hpp"

namespace aitbc::sync {
namespace {

constexpr Duration kTick{250};
constexpr Duration kRest{2000};
constexpr std::size_t kClearedAtOnce = 10'000;  // keys in a batch

struct HeadersFrom {
  Height from = 0;
};
using Job = std::variant<HeadersFrom, Subtree, Hash>;  // Hash: the owner whose entries are asked for

}  // namespace

struct SnapshotSync::Impl final : p2p::NetworkListener, std::enable_shared_from_this<SnapshotSync::Impl> {
  Impl(SnapshotSyncParts the_parts, const SnapshotSyncOptions& the_options)
      : parts(std::move(the_parts)), options(the_options) {}

  struct PeerState {
    std::optional<Manifest> offer;
    bool serves = true;  // the target, as far as we know
    bool lied = false;
    std::size_t asked = 0;
    TimePoint not_before{};
  };
  struct Asked {
    p2p::PeerId peer = 0;
    Job job;
    TimePoint deadline{};
  };

  SnapshotSyncParts parts;
  SnapshotSyncOptions options;
  std::map<p2p::PeerId, PeerState> peers;
  TimePoint collecting_since{};  // offers
  SnapshotProgress progress;
  bool has_target = false;
  Header last_header;  // the highest verified one
  Hash target_root;
  std::vector<Manifest> tried;  // in vain
  std::map<std::uint64_t, Asked> asked;
  std::map<Hash, p2p::PeerId> pass_peer;  // who sent all of a pass so far; 0: several did
  std::uint64_t last_number = 0;
  SnapshotStatus figures;
  std::unique_ptr<Runtime::Timer> timer;
  bool done = false;

  // ---- the network

  void on_connected(const p2p::Peer& peer) override {
    peers[peer.id];
    parts.network.send(peer.id, p2p::make_frame(p2p::GetSnapshot{++last_number}));
  }
  void on_disconnected(p2p::PeerId peer) override {
    std::erase_if(asked, [&](const auto& entry) { return entry.second.peer == peer; });
    peers.erase(peer);
  }
  void on_message(p2p::PeerId peer, const p2p::Message& message, const p2p::Hold&) override {
    if (done || !peers.contains(peer)) return;
    if (const auto* offered = std::get_if<p2p::SnapshotManifest>(&message)) take_offer(peer, *offered);
    if (const auto* chunk = std::get_if<p2p::StateChunk>(&message)) take_chunk(peer, *chunk);
    if (!done) ask();
  }

  void take_offer(p2p::PeerId peer, const p2p::SnapshotManifest& offered) {
    if (offered.manifest.empty()) return;
    const auto manifest = decode_manifest(offered.manifest);
    if (!manifest) return reject(peer, manifest.error().message);
    peers[peer].offer = *manifest;
    peers[peer].serves = true;
  }

  // ---- choosing

  bool is_unusable(const PeerState& peer) const { return peer.lied || !peer.serves; }

  void tick() {
    timer = parts.runtime.set_timer(parts.runtime.now() + kTick, [weak = weak_from_this()] {
      if (const auto self = weak.lock()) self->tick();
    });
    const TimePoint now = parts.runtime.now();
    std::vector<std::uint64_t> overdue;
    for (const auto& [number, request] : asked)
      if (now >= request.deadline) overdue.push_back(number);
    for (const std::uint64_t number : overdue) {
      PeerState& peer = peers[asked[number].peer];
      --peer.asked;
      peer.not_before = now + kRest;
      asked.erase(number);
    }
    const bool nobody_serves =
        std::all_of(peers.begin(), peers.end(), [&](const auto& peer) { return is_unusable(peer.second); });
    if (!has_target || (nobody_serves && !peers.empty())) choose(now);
    if (!done) ask();
  }

  // The highest offer that was not tried in vain. Another one than before means that what there is of the
  // state is of no use.
  void choose(TimePoint now) {
    if (now < collecting_since + options.choose_after) return;
    if (has_target) tried.push_back(progress.target);
    const Manifest* best = nullptr;
    for (auto& [id, peer] : peers) {
      peer.serves = true;
      const bool is_new = peer.offer && std::find(tried.begin(), tried.end(), *peer.offer) == tried.end();
      if (is_new && !peer.lied && (best == nullptr || peer.offer->height > best->height)) best = &*peer.offer;
    }
    collecting_since = now;
    if (best == nullptr) {  // they may have something newer by now
      tried.clear();
      for (const auto& [id, peer] : peers)
        parts.network.send(id, p2p::make_frame(p2p::GetSnapshot{++last_number}));
      return;
    }
    if (!has_target || *best != progress.target)
      if (auto begun = begin(*best); !begun) return parts.on_fatal(begun.error());
  }

  Result<void> begin(const Manifest& target) {
    AITBC_TRY(clear_state());
    progress.target = target;
    progress.subtrees.clear();
    progress.passes.clear();
    pass_peer.clear();
    asked.clear();
    for (auto& [id, peer] : peers) peer.asked = 0;
    has_target = true;
    log::info("sync", "snapshot chosen",
              {{"height", std::to_string(target.height)}, {"block", hex::encode_prefixed(target.block)}});
    if (progress.headers >= target.height) headers_are_there();
    return store(WriteBatch());
  }

  Result<void> clear_state() {
    for (const Table table : {Table::state, Table::trie}) {
      for (;;) {
        WriteBatch batch;
        const auto snapshot = parts.store.snapshot();
        const auto iterator = snapshot->iterate(table);
        for (iterator->seek({}); iterator->valid() && batch.operations().size() < kClearedAtOnce;
             iterator->next())
          batch.erase(table, iterator->key());
        AITBC_TRY(iterator->status());
        if (batch.empty()) break;
        AITBC_TRY(parts.store.write(batch, Durability::buffered));
      }
    }
    return {};
  }

  // ---- asking

  bool is_asked(const Job& job) const {
    return std::any_of(asked.begin(), asked.end(), [&](const auto& entry) {
      if (entry.second.job.index() != job.index()) return false;
      if (const auto* subtree = std::get_if<Subtree>(&job))
        return std::get<Subtree>(entry.second.job) == *subtree;
      if (const auto* owner = std::get_if<Hash>(&job)) return std::get<Hash>(entry.second.job) == *owner;
      return true;
    });
  }

  // What can be asked for now and is not, in the order of its turn; at most `limit`.
  std::vector<Job> jobs(std::size_t limit) const {
    std::vector<Job> out;
    if (progress.headers < progress.target.height) {
      const Job headers = HeadersFrom{progress.headers + 1};
      if (!is_asked(headers)) out.push_back(headers);
      return out;
    }
    for (const Subtree& subtree : progress.subtrees) {
      if (out.size() == limit) return out;
      if (!is_asked(subtree)) out.push_back(subtree);
    }
    if (!progress.subtrees.empty()) return out;
    for (const auto& [owner, pass] : progress.passes)
      if (out.size() < limit && !is_asked(owner)) out.push_back(owner);
    return out;
  }

  std::optional<p2p::PeerId> idle_peer(const Job& job) const {
    const TimePoint now = parts.runtime.now();
    std::optional<p2p::PeerId> best;
    std::size_t least = options.requests_per_peer;
    for (const auto& [id, peer] : peers) {
      if (is_unusable(peer) || peer.asked >= least || now < peer.not_before) continue;
      // One peer is to send all entries of an account, so that it is known who left some out.
      const auto* owner = std::get_if<Hash>(&job);
      if (owner != nullptr && pass_peer.contains(*owner) && pass_peer.at(*owner) == id) return id;
      best = id;
      least = peer.asked;
    }
    return best;
  }

  void ask() {
    if (!has_target) return;
    for (const Job& job : jobs(options.requests_per_peer * peers.size() + 1)) {
      const auto peer = idle_peer(job);
      if (!peer) return;
      const std::uint64_t number = ++last_number;
      asked[number] = {*peer, job, parts.runtime.now() + options.request_timeout};
      ++peers[*peer].asked;
      parts.network.send(
          *peer, p2p::make_frame(p2p::GetStateChunk{number, progress.target.block, encode(cursor_for(job))}));
    }
  }

  Cursor cursor_for(const Job& job) const {
    Cursor cursor;
    if (const auto* headers = std::get_if<HeadersFrom>(&job)) cursor.from = headers->from;
    if (const auto* subtree = std::get_if<Subtree>(&job)) cursor = cursor_of(*subtree);
    if (const auto* owner = std::get_if<Hash>(&job)) {
      cursor.kind = Cursor::Kind::storage_entries;
      cursor.address = progress.passes.at(*owner).address;
      cursor.key = progress.passes.at(*owner).next;
    }
    return cursor;
  }

  // ---- answers

  void take_chunk(p2p::PeerId peer, const p2p::StateChunk& answer) {
    const auto found = asked.find(answer.request);
    if (found == asked.end() || found->second.peer != peer) return;  // late
    const Job job = std::move(found->second.job);
    asked.erase(found);
    --peers[peer].asked;
    if (answer.content.empty()) {
      peers[peer].serves = false;
      return;
    }
    const auto chunk = decode_chunk(answer.content);
    const Result<void> taken =
        chunk ? std::visit([&](const auto& each) { return take(peer, each, *chunk); }, job)
              : tl::unexpected(chunk.error());
    if (taken) return;
    if (is_local_failure(taken.error())) return parts.on_fatal(taken.error());
    reject(peer, taken.error().message);
  }

  void reject(p2p::PeerId peer, const std::string& reason) {
    log::warning("sync", "a peer sent a bad piece of the snapshot", {{"reason", reason}});
    ++figures.rejected_peers;
    peers[peer].lied = true;
    parts.network.punish(peer, p2p::Offence::forgery, reason);
  }

  Result<void> take(p2p::PeerId peer, const HeadersFrom&, const Chunk& chunk) {
    if (chunk.items
            .empty()) {  // the peer has that block, and not at that height: whoever offered it may have lied
      peers[peer].serves = false;
      return {};
    }
    WriteBatch batch;
    Header parent = last_header;
    for (const KeyValue& item : chunk.items) {
      auto header = decode_header(item.value);
      if (!header) return fail(ErrorCode::invalid_input, "a header does not decode");
      AITBC_TRY(parts.engine.verify(*header, parent, item.key));
      chain::append_header(batch, *header, header_hash(*header), item.key);
      parent = std::move(*header);
      if (parent.number == progress.target.height) break;
    }
    last_header = std::move(parent);
    progress.headers = last_header.number;
    figures.headers = progress.headers;
    if (progress.headers == progress.target.height) headers_are_there();
    return store(std::move(batch));
  }

  // The header that was offered is known now, or known not to exist.
  void headers_are_there() {
    const auto header = progress.headers == progress.target.height
                            ? std::optional(last_header)
                            : stored_header(parts.store, parts.first_block.header)(progress.target.height);
    if (header && header_hash(*header) == progress.target.block) {
      target_root = header->state_root;
      progress.subtrees.push_back({std::nullopt, Hash{}, 0, to_bytes(target_root)});
      return;
    }
    tried.push_back(progress.target);
    std::vector<p2p::PeerId> liars;
    for (const auto& [id, peer] : peers)
      if (peer.offer == progress.target) liars.push_back(id);
    has_target = false;
    for (const p2p::PeerId liar : liars) reject(liar, "the offered block is not in the chain");
  }

  Result<void> take(p2p::PeerId, const Subtree& job, const Chunk& chunk) {
    AITBC_ASSIGN(Verified verified, verify_subtree(job, chunk));
    const auto place = std::find(progress.subtrees.begin(), progress.subtrees.end(), job);
    if (place == progress.subtrees.end()) return {};
    progress.subtrees.erase(place);
    // Depth first, so that the list stays short.
    progress.subtrees.insert(progress.subtrees.begin(), verified.to_ask.begin(), verified.to_ask.end());
    for (const Address& address : verified.with_storage)
      progress.passes[keccak256(address)].address = address;
    if (job.owner) progress.passes[*job.owner].leaves += verified.leaves;
    figures.accounts_and_slots += verified.leaves;
    return store(std::move(verified.batch));
  }

  Result<void> take(p2p::PeerId peer, const Hash& owner, const Chunk& chunk) {
    EntryPass& pass = progress.passes.at(owner);
    AITBC_ASSIGN(WriteBatch batch, verify_entries(parts.store, cursor_for(owner), chunk));
    const auto [sender, is_first] = pass_peer.emplace(owner, pass.entries == 0 ? peer : p2p::PeerId{0});
    if (sender->second != peer) sender->second = 0;
    pass.entries += chunk.items.size();
    if (!chunk.items.empty()) {
      pass.next = chunk.items.back().key;
      pass.next.push_back(0);  // the least key above it
    }
    const bool is_over = chunk.is_last || chunk.items.empty();
    if (is_over && pass.entries == pass.leaves) {
      progress.passes.erase(owner);
      pass_peer.erase(owner);
    } else if (is_over) {
      // Every one of them was right, so some were left out.
      const bool is_known_who = sender->second == peer;
      pass.entries = 0;
      pass.next.clear();
      pass_peer.erase(owner);
      AITBC_TRY(store(std::move(batch)));
      if (is_known_who) return fail(ErrorCode::invalid_input, "storage entries were left out");
      return {};
    }
    AITBC_TRY(store(std::move(batch)));
    return {};
  }

  // ---- the store

  Result<void> store(WriteBatch batch) {
    const bool is_complete = has_target && progress.headers >= progress.target.height &&
                             progress.subtrees.empty() && progress.passes.empty();
    if (is_complete) return finish(std::move(batch));
    append_progress(batch, progress);
    return parts.store.write(batch, Durability::buffered);
  }

  Result<void> finish(WriteBatch batch) {
    AITBC_TRY(parts.store.write(batch, Durability::buffered));
    AITBC_ASSIGN(const Hash root, state_root(*parts.store.snapshot()));
    if (root != target_root)
      return fail(ErrorCode::corruption, "the snapshot's state does not have its root");
    WriteBatch last;
    chain::append_chain(last, parts.genesis, parts.first_block, progress.target.height);
    chain::append_blocks_start(last, progress.target.height + 1);
    chain::append_history_start(last, progress.target.height);
    for (Height above = progress.target.height + 1; above <= progress.headers; ++above)
      if (const auto header = stored_header(parts.store, parts.first_block.header)(above))
        chain::append_header_removal(last, above, header_hash(*header));
    append_progress_removal(last);
    AITBC_TRY(parts.store.write(last, Durability::synced));
    done = true;
    timer.reset();
    log::info("sync", "snapshot complete", {{"height", std::to_string(progress.target.height)}});
    parts.on_done(progress.target.height);
    return {};
  }

  Result<void> resume() {
    last_header = parts.first_block.header;
    AITBC_ASSIGN(auto stored, read_progress(parts.store));
    if (!stored) return {};
    progress = std::move(*stored);
    has_target = true;
    figures.headers = progress.headers;
    const auto header = stored_header(parts.store, parts.first_block.header)(progress.headers);
    if (!header) return fail(ErrorCode::corruption, "the last verified header is missing");
    last_header = *header;
    if (progress.headers < progress.target.height) return {};
    const auto target = stored_header(parts.store, parts.first_block.header)(progress.target.height);
    has_target = target && header_hash(*target) == progress.target.block;
    if (has_target) target_root = target->state_root;
    return {};
  }
};

SnapshotSync::SnapshotSync(SnapshotSyncParts parts, const SnapshotSyncOptions& options)
    : impl_(std::make_shared<Impl>(std::move(parts), options)) {
  impl_->parts.network.add_listener(*impl_);
}
SnapshotSync::~SnapshotSync() = default;

void SnapshotSync::start() {
  if (auto resumed = impl_->resume(); !resumed) return impl_->parts.on_fatal(resumed.error());
  impl_->collecting_since = impl_->parts.runtime.now();
  impl_->tick();
}

SnapshotStatus SnapshotSync::status() const {
  SnapshotStatus status = impl_->figures;
  if (impl_->has_target) status.target = impl_->progress.target.height;
  status.missing_parts = impl_->progress.subtrees.size() + impl_->progress.passes.size();
  return status;
}

consensus::HeaderReader stored_header(const Store& store, const Header& genesis) {
  return [&store, genesis](Height height) -> std::optional<Header> {
    if (height == 0) return genesis;
    const auto header = chain::read_header(*store.snapshot(), height);
    return header ? *header : std::nullopt;
  };
}

}  // namespace aitbc::sync
