#include "base/bytes_table.hpp"

#include <doctest/doctest.h>

#include <map>
#include <random>

using namespace aitbc;

namespace {

Bytes bytes(std::string_view text) { return to_bytes(as_bytes(text)); }

}  // namespace

TEST_CASE("a table of bytes tells a key without a value from a key that it does not have") {
  BytesTable table;
  table.put(bytes("gone"), std::nullopt);
  table.put(bytes("empty"), ByteView());
  REQUIRE(table.find(bytes("gone")) != nullptr);
  CHECK(!table.find(bytes("gone"))->value());
  REQUIRE(table.find(bytes("empty")) != nullptr);
  REQUIRE(table.find(bytes("empty"))->value().has_value());
  CHECK(table.find(bytes("empty"))->value()->empty());
  CHECK(table.find(bytes("other")) == nullptr);
}

TEST_CASE("keys may be fetched ahead whether they are there or not") {
  BytesTable table;
  std::vector<Bytes> keys;
  for (int i = 0; i < 20; ++i) keys.push_back(bytes("key " + std::to_string(i)));
  const std::vector<ByteView> views(keys.begin(), keys.end());
  table.prefetch(views);
  for (std::size_t i = 0; i < 10; ++i) table.put(keys[i], as_bytes("value"));
  table.prefetch(views);
  table.prefetch({});
  for (std::size_t i = 0; i < keys.size(); ++i) CHECK((table.find(keys[i]) != nullptr) == (i < 10));
}

TEST_CASE("an entry is put in place of itself") {
  BytesTable table;
  table.put(bytes("key"), bytes("value"));
  const BytesTable::Entry& entry = *table.find(bytes("key"));
  table.put(entry.key(), entry.value()->subspan(1));
  REQUIRE(table.find(bytes("key")) != nullptr);
  CHECK(to_bytes(*table.find(bytes("key"))->value()) == bytes("alue"));
  CHECK(table.size() == 1);
}

TEST_CASE("a table of bytes does as a map does") {
  std::mt19937_64 random(7);  // NOLINT: the same every time
  BytesTable table;
  std::map<Bytes, std::optional<Bytes>> model;
  for (int i = 0; i < 50'000; ++i) {
    const Bytes key(random() % 4, static_cast<std::uint8_t>(random() % 64));
    const auto kind = random() % 4;
    if (kind == 0) {
      table.erase(key);
      model.erase(key);
    } else {
      std::optional<Bytes> value;
      if (kind != 1) value = Bytes(random() % 40, static_cast<std::uint8_t>(i));
      table.put(key, view_of(value));
      model[key] = value;
    }
    const Bytes asked(random() % 4, static_cast<std::uint8_t>(random() % 64));
    const auto known = model.find(asked);
    const BytesTable::Entry* found = table.find(asked);
    REQUIRE((found != nullptr) == (known != model.end()));
    if (found == nullptr) continue;
    REQUIRE(found->value().has_value() == known->second.has_value());
    if (known->second) REQUIRE(to_bytes(*found->value()) == *known->second);
  }
  CHECK(table.size() == model.size());
  BytesTable same;
  for (const auto& [key, value] : model) same.put(key, view_of(value));
  CHECK(table.memory() == same.memory());
  table.clear();
  CHECK(table.memory() == 0);
}
