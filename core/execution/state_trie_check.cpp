#include <utility>

#include "codec/hex.hpp"
#include "crypto/keccak.hpp"
#include "execution/state_trie.hpp"
#include "execution/trie_readers.hpp"
#include "execution/trie_stream.hpp"
#include "types/header.hpp"

namespace aitbc {
namespace {

constexpr std::uint8_t kAccountLeaves = 'a';   // in Table::state: 'a' | hash -> address | account
constexpr std::uint8_t kStorageEntries = 's';  // in Table::state: 's' | address | key -> value

tl::unexpected<Error> differs(std::string what) {
  return fail(ErrorCode::corruption, "state check: " + std::move(what));
}

// Visits the entries of `table` whose keys start with `prefix`, in order.
template <class Visit>
Result<void> for_each(const Snapshot& snapshot, Table table, const Bytes& prefix, const Visit& visit) {
  const auto iterator = snapshot.iterate(table);
  for (iterator->seek(prefix); iterator->valid() && starts_with(iterator->key(), prefix); iterator->next())
    AITBC_TRY(visit(iterator->key().subspan(prefix.size()), iterator->value()));
  return iterator->status();
}

class Check {
 public:
  explicit Check(const Snapshot& snapshot) : snapshot_(snapshot) {}

  Result<TrieCheckReport> run() {
    AITBC_TRY(check_accounts());
    AITBC_TRY(check_storage_leaves_against_entries());
    AITBC_TRY(check_storage_tries());
    AITBC_TRY(check_no_stray_records());
    return report_;
  }

 private:
  // Builds the account trie from the accounts and compares it with the stored one.
  Result<void> check_accounts() {
    trie::TrieStream stream = make_stream({});
    AITBC_TRY(for_each(snapshot_, Table::state, {kAccountLeaves},
                       [&](ByteView key, ByteView value) { return add_account(stream, key, value); }));
    AITBC_ASSIGN(report_.root, stream.finish());
    report_.accounts = stream.leaves();
    return check_root({}, report_.root, stream.leaves());
  }

  Result<void> add_account(trie::TrieStream& stream, ByteView key, ByteView value) {
    if (key.size() != Hash::kSize || value.size() <= Address::kSize)
      return differs("malformed account entry 0x" + hex::encode(key));
    const Hash path = Hash::from(key);
    if (keccak256(value.first(Address::kSize)) != path)
      return differs("account stored under a wrong hash: 0x" + hex::encode(key));
    const auto account = decode_account(value.subspan(Address::kSize));
    if (!account)
      return differs("account 0x" + hex::encode(value.first(Address::kSize)) + " does not decode");
    if (account->storage_root != kEmptyTrieRoot) ++accounts_with_storage_;
    return stream.add(path, value.subspan(Address::kSize));
  }

  // Each storage entry has its leaf. That no leaf is without an entry follows from their numbers, which
  // check_storage_tries() compares.
  Result<void> check_storage_leaves_against_entries() {
    return for_each(snapshot_, Table::state, {kStorageEntries}, [&](ByteView key, ByteView value) {
      ++report_.storage_entries;
      return check_storage_entry(key, value);
    });
  }

  Result<void> check_storage_entry(ByteView key, ByteView value) {
    if (key.size() < Address::kSize) return differs("malformed storage entry 0x" + hex::encode(key));
    const Hash owner = keccak256(key.first(Address::kSize));
    const Hash path = keccak256(storage_slot(key.subspan(Address::kSize)));
    AITBC_ASSIGN(const auto word, snapshot_.get(Table::trie, trie::storage_leaf_key(owner, path)));
    if (!word || !equal(*word, storage_word(value)))
      return differs("storage entry 0x" + hex::encode(key) + " does not have its leaf");
    return {};
  }

  // Builds each storage trie from its leaves, which are in order in Table::trie.
  Result<void> check_storage_tries() {
    std::uint64_t leaves = 0;
    const auto visit = [&](ByteView key, ByteView value) {
      ++leaves;
      return add_storage_leaf(key, value);
    };
    AITBC_TRY(for_each(snapshot_, Table::trie, {trie::kStorageLeaves}, visit));
    if (owner_) AITBC_TRY(finish_storage());
    if (leaves != report_.storage_entries) return differs("there are storage leaves without storage entries");
    if (accounts_with_storage_ != 0) return differs("an account's storage root has no storage behind it");
    return {};
  }

  Result<void> add_storage_leaf(ByteView key, ByteView value) {
    if (key.size() != 2 * Hash::kSize || value.size() != Hash::kSize)
      return differs("malformed storage leaf 0x" + hex::encode(key));
    const Hash owner = Hash::from(key.first(Hash::kSize));
    if (owner_ != owner) {
      if (owner_) AITBC_TRY(finish_storage());
      owner_ = owner;
      storage_stream_.emplace(make_stream({owner}));
    }
    return storage_stream_->add(Hash::from(key.subspan(Hash::kSize)),
                                trie::storage_leaf_value(Hash::from(value)));
  }

  Result<void> finish_storage() {
    AITBC_ASSIGN(const Hash root, storage_stream_->finish());
    Bytes key{kAccountLeaves};
    append(key, *owner_);
    AITBC_ASSIGN(const auto stored, snapshot_.get(Table::state, key));
    if (!stored) return differs("storage of an account that does not exist, 0x" + hex::encode(*owner_));
    AITBC_ASSIGN(const Account account, decode_account(ByteView(*stored).subspan(Address::kSize)));
    if (account.storage_root != root)
      return differs("storage root of 0x" + hex::encode(ByteView(*stored).first(Address::kSize)) + " is 0x" +
                     hex::encode(account.storage_root) + ", recomputed 0x" + hex::encode(root));
    --accounts_with_storage_;
    return check_root({*owner_}, root, storage_stream_->leaves());
  }

  // Roots of tries with at least two leaves are compared as records.
  Result<void> check_root(const trie::TrieId& id, const Hash& root, std::uint64_t leaves) {
    if (leaves > 1) return {};
    AITBC_ASSIGN(const auto stored, snapshot_.get(Table::trie, id.record_key(Hash{}, 0)));
    if (leaves == 0 && stored) return differs("an empty trie has a root record");
    if (leaves == 0) return {};
    ++report_.nodes;
    if (!stored || *stored != trie::encode_single_leaf(root))
      return differs("the root record of a trie with one leaf is wrong");
    return {};
  }

  trie::TrieStream make_stream(trie::TrieId id) {
    return trie::TrieStream([this, id = std::move(id)](const trie::BranchRecord& record) -> Result<void> {
      ++report_.nodes;
      expected_.clear();
      trie::encode_record(expected_, record);
      const trie::RecordKey key = id.record_key(record.path, record.slot_depth);
      AITBC_ASSIGN(const auto stored, snapshot_.get(Table::trie, key));
      if (stored && *stored == expected_) return {};
      return differs("the trie record at 0x" + hex::encode(key) + (stored ? " is wrong" : " is missing"));
    });
  }

  Result<void> check_no_stray_records() {
    std::uint64_t records = 0;
    for (const std::uint8_t prefix : {trie::kAccountNodes, trie::kStorageNodes})
      AITBC_TRY(for_each(snapshot_, Table::trie, {prefix}, [&](ByteView, ByteView) -> Result<void> {
        ++records;
        return {};
      }));
    if (records != report_.nodes) return differs("there are trie records that belong to no trie");
    return {};
  }

  const Snapshot& snapshot_;
  TrieCheckReport report_;
  std::uint64_t accounts_with_storage_ = 0;  // whose storage was not met yet
  std::optional<Hash> owner_;                // of the storage trie being built
  std::optional<trie::TrieStream> storage_stream_;
  Bytes expected_;
};

}  // namespace

Result<TrieCheckReport> check_state_trie(const Snapshot& snapshot) { return Check(snapshot).run(); }

}  // namespace aitbc
