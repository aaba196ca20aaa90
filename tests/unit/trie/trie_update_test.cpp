// One trie changed many times, against the root of the whole built anew. Few keys that differ late, and
// values short enough to stand in their parents, so that every way a trie can change happens often.
#include "execution/trie_update.hpp"

#include <doctest/doctest.h>

#include <map>
#include <random>

#include "execution/trie.hpp"
#include "execution/trie_stream.hpp"
#include "types/header.hpp"

namespace aitbc::trie {
namespace {

Bytes record_key(const Hash& path, std::size_t count) { return to_bytes(TrieId{}.record_key(path, count)); }

// A trie's records and leaves as update and reader see them.
class MemoryTrie final : public TrieReader {
 public:
  Result<std::optional<ByteView>> record(const Hash& path, std::size_t count) override {
    const auto it = records_.find(record_key(path, count));
    if (it == records_.end()) return std::nullopt;
    return ByteView(it->second);
  }

  Result<StoredLeaf> leaf(const Hash& path, std::size_t count) override {
    ++leaf_reads;
    for (const auto& [key, value] : leaves)
      if (common_nibbles(key, path) >= count) return StoredLeaf{key, value};
    return fail(ErrorCode::corruption, "no leaf");
  }

  Hash apply(const std::map<Hash, Bytes>& changes) {
    std::vector<LeafChange> list;
    for (const auto& [key, value] : changes) list.push_back({key, value, leaves.contains(key)});
    // The reader goes on reading what was there before, as a snapshot does.
    std::map<Bytes, Bytes> records = records_;
    const RecordSink sink{
        [&](const Hash& path, std::size_t count) { CHECK(records.erase(record_key(path, count)) == 1); },
        [&](const Hash& path, std::size_t count, ByteView record) {
          records[record_key(path, count)] = to_bytes(record);
        }};
    const auto root = TrieUpdate(*this, sink, worth_finishing).apply(list);
    REQUIRE(root);
    records_ = std::move(records);
    for (const auto& [key, value] : changes) {
      leaves.erase(key);
      if (!value.empty()) leaves[key] = value;
    }
    return *root;
  }

  // Builds the trie anew, checks every record on the way, and that there are no others.
  Hash rebuild() const {
    std::size_t expected = leaves.size() == 1 ? 1 : 0;
    TrieStream stream([&](const BranchRecord& record) -> Result<void> {
      ++expected;
      Bytes bytes;
      encode_record(bytes, record);
      const auto it = records_.find(record_key(record.path, record.slot_depth));
      REQUIRE(it != records_.end());
      REQUIRE(it->second == bytes);
      return {};
    });
    for (const auto& [key, value] : leaves) REQUIRE(stream.add(key, value));
    const auto root = stream.finish();
    REQUIRE(root);
    REQUIRE(records_.size() == expected);
    return *root;
  }

  Hash reference_root() const {
    std::vector<std::pair<Bytes, Bytes>> entries;
    for (const auto& [key, value] : leaves) entries.emplace_back(to_bytes(key), value);
    return root_of(entries);
  }

  std::map<Hash, Bytes> leaves;
  std::size_t leaf_reads = 0;
  std::size_t worth_finishing = TrieUpdate::kWorthFinishing;

 private:
  std::map<Bytes, Bytes> records_;
};

// A key with chosen half-bytes at a few places, zero elsewhere.
Hash key_of(std::initializer_list<std::pair<std::size_t, std::uint8_t>> nibbles) {
  Hash key;
  for (const auto& [place, nibble] : nibbles) key = with_nibble(key, place, nibble);
  return key;
}

Hash random_key(std::mt19937_64& random) {
  Hash key;
  for (const std::size_t place : {0U, 1U, 2U, 31U, 32U, 62U, 63U})
    key = with_nibble(key, place, static_cast<std::uint8_t>(random() % 3 == 0 ? random() % 3 : 0));
  return key;
}

Bytes random_value(std::mt19937_64& random) {
  return Bytes(1 + random() % 3 * (random() % 20), static_cast<std::uint8_t>(random() % 255 + 1));
}

std::map<Hash, Bytes> random_changes(std::mt19937_64& random, const MemoryTrie& trie) {
  std::map<Hash, Bytes> changes;
  const std::size_t count = 1 + random() % 12;
  const bool shrinking = random() % 2 == 0;
  for (std::size_t i = 0; i < count; ++i) {
    Hash key = random_key(random);
    if (!trie.leaves.empty() && random() % 2 == 0)
      key = std::next(trie.leaves.begin(), static_cast<std::ptrdiff_t>(random() % trie.leaves.size()))->first;
    const bool remove = trie.leaves.contains(key) && random() % 4 < (shrinking ? 3 : 1);
    changes[key] = remove ? Bytes{} : random_value(random);
  }
  return changes;
}

}  // namespace

TEST_CASE("thousands of random changes leave the trie that building it anew gives") {
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    CAPTURE(seed);
    std::mt19937_64 random(seed);
    MemoryTrie trie;
    trie.worth_finishing = 1 + seed % 4;
    for (int round = 0; round < 100; ++round) {
      CAPTURE(round);
      const Hash root = trie.apply(random_changes(random, trie));
      REQUIRE(root == trie.rebuild());
      REQUIRE(root == trie.reference_root());
    }
  }
}

TEST_CASE("a trie grows from nothing to one leaf to two, and shrinks back") {
  MemoryTrie trie;
  const Bytes value(40, 1);
  trie.apply({{key_of({{63, 1}}), value}});
  CHECK(trie.rebuild() == trie.reference_root());
  trie.apply({{key_of({{63, 2}}), value}});
  CHECK(trie.rebuild() == trie.reference_root());
  trie.apply({{key_of({{63, 1}}), {}}});
  CHECK(trie.rebuild() == trie.reference_root());
  CHECK(trie.apply({{key_of({{63, 2}}), {}}}) == kEmptyTrieRoot);
  CHECK(trie.rebuild() == kEmptyTrieRoot);
}

TEST_CASE("changing values of keys that are there reads no leaf") {
  std::mt19937_64 random(1);
  MemoryTrie trie;
  std::map<Hash, Bytes> leaves;
  for (int i = 0; i < 200; ++i) leaves[random_key(random)] = Bytes(40, 1);
  trie.apply(leaves);
  for (auto& [key, value] : leaves) value = Bytes(40, 2);
  trie.leaf_reads = 0;
  trie.apply(leaves);
  CHECK(trie.leaf_reads == 0);
  CHECK(trie.rebuild() == trie.reference_root());
}

TEST_CASE("a diff that does not fit the trie is reported as corruption") {
  MemoryTrie trie;
  const Bytes value(40, 1);
  trie.apply(
      {{key_of({{0, 1}}), value}, {key_of({{0, 2}, {1, 1}}), value}, {key_of({{0, 2}, {1, 2}}), value}});
  const auto code_of = [&](const LeafChange& change) {
    const RecordSink nowhere{[](const Hash&, std::size_t) {}, [](const Hash&, std::size_t, ByteView) {}};
    const auto result = TrieUpdate(trie, nowhere).apply(std::vector{change});
    return result ? std::nullopt : std::optional(result.error().code);
  };
  CHECK(code_of({key_of({{0, 3}}), value, true}) == ErrorCode::corruption);          // nothing there
  CHECK(code_of({key_of({{0, 2}, {1, 7}}), value, true}) == ErrorCode::corruption);  // nor there
  CHECK(code_of({key_of({{0, 1}}), value, false}) == ErrorCode::corruption);         // it is there
  CHECK(code_of({key_of({{0, 3}}), value, false}) == std::nullopt);
}

TEST_CASE("records survive their encoding and every damaged length is noticed") {
  std::mt19937_64 random(5);
  for (int round = 0; round < 500; ++round) {
    BranchRecord record;
    record.path = random_key(random);
    record.slot_depth = static_cast<std::uint8_t>(random() % 64);
    record.depth = static_cast<std::uint8_t>(record.slot_depth + random() % (64U - record.slot_depth));
    record.child_bits = static_cast<std::uint16_t>(3U | random());
    record.leaf_bits = static_cast<std::uint16_t>(random() & record.child_bits);
    for (std::size_t n = 0; n < 16; ++n)
      if (record.has_child(n))
        record.children[n].assign(
            Bytes(random() % 4 == 0 ? 1 + random() % 31 : 32, static_cast<std::uint8_t>(n)));
    Bytes bytes;
    encode_record(bytes, record);
    BranchRecord copy;
    REQUIRE(decode_record(bytes, record.path, record.slot_depth, copy));
    CHECK(copy.depth == record.depth);
    CHECK(copy.leaf_bits == record.leaf_bits);
    CHECK(common_nibbles(copy.path, record.path) >= record.depth);
    CHECK(root_hash(ref_of(copy)) == root_hash(ref_of(record)));
    for (std::size_t size = 0; size < bytes.size(); ++size)
      CHECK_FALSE(decode_record(ByteView(bytes).first(size), record.path, record.slot_depth, copy));
    bytes.push_back(0);
    CHECK_FALSE(decode_record(bytes, record.path, record.slot_depth, copy));
  }
}

}  // namespace aitbc::trie
