#include "execution/trie_cache.hpp"

#include <doctest/doctest.h>

#include <map>
#include <random>

namespace aitbc {
namespace {

Bytes numbered(std::uint64_t i) {
  Bytes key;
  append_be64(key, i);
  return key;
}

}  // namespace

TEST_CASE("the cache stays within its bound and never answers wrongly") {
  std::mt19937_64 random(1);
  TrieCache::Impl cache(20'000);
  std::map<Bytes, Bytes> written;
  std::size_t hits = 0;
  for (int i = 0; i < 20'000; ++i) {
    const Bytes key = numbered(random() % 300);
    const auto found = cache.find(key);
    if (found) REQUIRE(equal(*found, written[key]));
    if (found) ++hits;
    if (random() % 5 == 0) {
      cache.erase(key);
      REQUIRE_FALSE(cache.find(key));
    } else {
      written[key] = Bytes(random() % 200, static_cast<std::uint8_t>(random()));
      cache.put(key, written[key]);
    }
    REQUIRE(cache.bytes() <= 20'000);
  }
  CHECK(hits > 1000);
}

TEST_CASE("what is used stays when what is not is evicted") {
  TrieCache::Impl cache(10'000);
  cache.put(numbered(0), Bytes(100, 1));
  for (std::uint64_t i = 1; i < 1000; ++i) {
    REQUIRE(cache.find(numbered(0)));
    cache.put(numbered(i), Bytes(100, 2));
  }
}

TEST_CASE("forgetting drops what the last update put, and nothing else") {
  TrieCache::Impl cache(10'000);
  cache.begin_update();
  cache.put(numbered(1), Bytes{1});
  cache.put(numbered(2), Bytes{1});
  cache.begin_update();
  cache.put(numbered(2), Bytes{2});
  cache.put(numbered(3), Bytes{2});
  cache.forget_update();
  CHECK(cache.find(numbered(1)));
  CHECK_FALSE(cache.find(numbered(2)));
  CHECK_FALSE(cache.find(numbered(3)));
}

TEST_CASE("a record larger than the cache is not kept") {
  TrieCache::Impl cache(100);
  cache.put(Bytes{1}, Bytes(200, 1));
  CHECK_FALSE(cache.find(Bytes{1}));
  CHECK(cache.bytes() == 0);
}

}  // namespace aitbc
