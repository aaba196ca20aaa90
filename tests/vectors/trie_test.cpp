// ethereum-tests/TrieTests: roots of plain and secure tries, and the order of keys.
#include "execution/trie.hpp"

#include <algorithm>
#include <boost/json.hpp>

#include "codec/hex.hpp"
#include "crypto/keccak.hpp"
#include "storage/memory_store.hpp"
#include "tests/support/vectors.hpp"

namespace aitbc {
namespace {

namespace json = boost::json;
using Entries = std::vector<std::pair<Bytes, Bytes>>;

// Text, or bytes when it starts with 0x; null removes the key.
Bytes bytes_of(const json::value& value) {
  if (value.is_null()) return {};
  const std::string_view text = value.get_string();
  return text.starts_with("0x") ? *hex::decode(text) : to_bytes(as_bytes(text));
}

Entries entries_of(const json::value& in) {
  Entries entries;
  if (in.is_object())
    for (const auto& member : in.get_object())
      entries.emplace_back(bytes_of(json::value(member.key())), bytes_of(member.value()));
  else
    for (const json::value& pair : in.get_array())
      entries.emplace_back(bytes_of(pair.at(0)), bytes_of(pair.at(1)));
  return entries;
}

void check_roots(const std::filesystem::path& file, bool secure, bool any_order) {
  const json::value cases = json::parse(test::read_text(file));
  for (const auto& [name, value] : cases.get_object()) {
    CAPTURE(std::string(name));
    Entries entries = entries_of(value.at("in"));
    for (auto& [key, ignored] : entries)
      if (secure) key = to_bytes(keccak256(key));
    const Hash expected = *hex::decode_fixed<Hash>(value.at("root").get_string());
    CHECK(trie::root_of(entries) == expected);
    std::reverse(entries.begin(), entries.end());
    if (any_order) CHECK(trie::root_of(entries) == expected);
  }
}

std::string key_at(const Iterator& iterator) {
  return iterator.valid() ? std::string(as_text(iterator.key())) : "";
}

}  // namespace

TEST_CASE("roots of plain tries are those of ethereum-tests") {
  const auto folder = test::vectors_folder();
  if (!folder) return;
  check_roots(*folder / "ethereum-tests/TrieTests/trieanyorder.json", false, true);
  check_roots(*folder / "ethereum-tests/TrieTests/trietest.json", false, false);
}

TEST_CASE("roots of tries with hashed keys are those of ethereum-tests") {
  const auto folder = test::vectors_folder();
  if (!folder) return;
  check_roots(*folder / "ethereum-tests/TrieTests/trieanyorder_secureTrie.json", true, true);
  check_roots(*folder / "ethereum-tests/TrieTests/hex_encoded_securetrie_test.json", true, true);
  check_roots(*folder / "ethereum-tests/TrieTests/trietest_secureTrie.json", true, false);
}

TEST_CASE("a store's iterator finds the neighbours that ethereum-tests names") {
  const auto folder = test::vectors_folder();
  if (!folder) return;
  const json::value cases =
      json::parse(test::read_text(*folder / "ethereum-tests/TrieTests/trietestnextprev.json"));
  for (const auto& [name, value] : cases.get_object()) {
    const auto store = make_memory_store();
    WriteBatch batch;
    for (const json::value& key : value.at("in").get_array()) batch.put(Table::state, bytes_of(key), {});
    REQUIRE(store->write(batch, Durability::buffered));
    const auto snapshot = store->snapshot();
    const auto iterator = snapshot->iterate(Table::state);
    for (const json::value& wanted : value.at("tests").get_array()) {
      const Bytes key = bytes_of(wanted.at(0));
      iterator->seek_for_prev(key);
      if (iterator->valid() && equal(iterator->key(), key)) iterator->prev();
      CHECK(key_at(*iterator) == wanted.at(1).get_string());
      iterator->seek(key);
      if (iterator->valid() && equal(iterator->key(), key)) iterator->next();
      CHECK(key_at(*iterator) == wanted.at(2).get_string());
    }
  }
}

}  // namespace aitbc
