// The pure parts: rates, reputation, the address book, node addresses.
#include <doctest/doctest.h>

#include <algorithm>

#include "codec/hex.hpp"
#include "node/p2p/address_book.hpp"
#include "node/p2p/node_address.hpp"
#include "node/p2p/rate_limit.hpp"
#include "node/p2p/recent_hashes.hpp"
#include "node/p2p/reputation.hpp"

using namespace aitbc;
using namespace aitbc::p2p;

namespace {

constexpr TimePoint kStart{std::chrono::hours(400'000)};
TimePoint after(Duration time) { return kStart + time; }

NodeId node(std::uint8_t byte) {
  NodeId out;
  out.bytes.fill(byte);
  return out;
}
NodeAddress at(std::uint8_t byte, std::string host = "10.0.0.1") {
  return {node(byte), std::move(host), 30303};
}

bool is_due(const AddressBook& book, std::uint8_t byte, TimePoint now) {
  const auto due = book.due(now, 100);
  return std::any_of(due.begin(), due.end(),
                     [&](const NodeAddress& address) { return address.id == node(byte); });
}

}  // namespace

TEST_CASE("a bucket gives its burst at once, then its rate") {
  TokenBucket bucket({10, 5});
  for (int i = 0; i < 5; ++i) CHECK(bucket.take(kStart));
  CHECK(!bucket.take(kStart));
  CHECK(!bucket.take(after(Duration(99))));
  CHECK(bucket.take(after(Duration(100))));
  CHECK(!bucket.take(after(Duration(150))));
  CHECK(bucket.take(after(std::chrono::hours(24 * 365)), 5));
  CHECK(!bucket.take(after(std::chrono::hours(24 * 365))));
}

TEST_CASE("a clock that goes back gives a bucket nothing") {
  TokenBucket bucket({1000, 1});
  CHECK(bucket.take(after(std::chrono::seconds(10))));
  CHECK(!bucket.take(kStart));
  CHECK(!bucket.take(after(std::chrono::seconds(10))));
}

TEST_CASE("each kind has a limit of its own") {
  RateLimits limits;
  const auto ping = static_cast<Kind>(Message(Ping{}).index());
  const auto pong = static_cast<Kind>(Message(Pong{}).index());
  while (limits.admit(ping, kStart)) {
  }
  CHECK(limits.admit(pong, kStart));
  CHECK(!limits.admit(static_cast<Kind>(kKinds), kStart));
}

TEST_CASE("points are lost by offences and come back with time") {
  Reputation reputation;
  for (int i = 0; i < 60; ++i) CHECK(!reputation.punish(node(1), Offence::nuisance, kStart));
  CHECK(reputation.score(node(1), kStart) == 40);
  CHECK(reputation.score(node(1), after(std::chrono::seconds(30))) == 70);
  CHECK(reputation.score(node(1), after(std::chrono::hours(1))) == 100);
  CHECK(!reputation.punish(node(1), Offence::violation, after(std::chrono::hours(1))));
  CHECK(reputation.score(node(2), kStart) == 100);
}

TEST_CASE("a ban ends, and the next one comes sooner") {
  Reputation reputation;
  CHECK(reputation.punish(node(1), Offence::forgery, kStart));
  CHECK(reputation.is_banned(node(1), kStart));
  CHECK(reputation.is_banned(node(1), after(Reputation::kBan - Duration(1))));
  CHECK(!reputation.is_banned(node(1), after(Reputation::kBan)));
  CHECK(!reputation.is_banned(node(2), kStart));
}

TEST_CASE("a host is banned with its node, but never this machine") {
  Reputation reputation;
  reputation.ban_host("192.0.2.1", kStart);
  reputation.ban_host("127.0.0.1", kStart);
  reputation.ban_host("::1", kStart);
  CHECK(reputation.is_host_banned("192.0.2.1", kStart));
  CHECK(!reputation.is_host_banned("192.0.2.1", after(Reputation::kBan)));
  CHECK(!reputation.is_host_banned("127.0.0.1", kStart));
  CHECK(!reputation.is_host_banned("::1", kStart));
}

TEST_CASE("the memory of misbehaviour is bounded, and forgets those who recovered first") {
  Reputation reputation;
  CHECK(reputation.punish(node(255), Offence::forgery, kStart));
  for (std::size_t i = 0; i < 2 * Reputation::kMaxRemembered; ++i) {
    NodeId id;
    std::copy_n(reinterpret_cast<const std::uint8_t*>(&i), sizeof i, id.bytes.begin());
    reputation.punish(id, Offence::nuisance, after(std::chrono::seconds(i / 1000)));
  }
  CHECK(reputation.is_banned(node(255), after(std::chrono::seconds(9))));
}

TEST_CASE("a static peer is tried again and again, later each time up to a bound") {
  AddressBook book;
  book.add_static(at(1));
  TimePoint now = kStart;
  for (int i = 0; i < 20; ++i) {
    REQUIRE(is_due(book, 1, now));
    book.connecting(node(1));
    CHECK(!is_due(book, 1, now));
    book.failed(node(1), now, 0);
    CHECK(!is_due(book, 1, now));
    now += AddressBook::kLastRetry;
  }
  book.connecting(node(1));
  book.connected(node(1));
  book.failed(node(1), now, 255);
  CHECK(!is_due(book, 1, now + AddressBook::kFirstRetry));
  CHECK(is_due(book, 1, now + AddressBook::kFirstRetry * 2));
}

TEST_CASE("a learned address that never answers is forgotten; the book is bounded") {
  AddressBook book;
  book.learn(at(1));
  TimePoint now = kStart;
  for (unsigned i = 0; i < AddressBook::kForgottenAfter; ++i) {
    book.failed(node(1), now, 0);
    now += std::chrono::hours(1);
  }
  CHECK(!is_due(book, 1, now));
  for (std::size_t i = 0; i < 3 * AddressBook::kMaxEntries; ++i) {
    NodeAddress address = at(0);
    std::copy_n(reinterpret_cast<const std::uint8_t*>(&i), sizeof i, address.id.bytes.begin());
    book.learn(address);
  }
  CHECK(book.learned().size() == AddressBook::kMaxEntries);
}

TEST_CASE("learned addresses without a port or a host are of no use, and the operator's are not replaced") {
  AddressBook book;
  book.learn({node(1), "10.0.0.1", 0});
  book.learn({node(2), "", 30303});
  CHECK(book.learned().empty());
  book.add_static(at(3, "10.0.0.3"));
  book.failed(node(3), kStart, 0);
  book.learn(at(3, "10.6.6.6"));
  CHECK(book.due(after(std::chrono::hours(1)), 0) == std::vector<NodeAddress>{at(3, "10.0.0.3")});
}

TEST_CASE("a removed node is not learned again") {
  AddressBook book;
  book.add_static(at(1));
  book.remove(node(1));
  book.learn(at(1));
  CHECK(!is_due(book, 1, kStart));
  CHECK(book.is_removed(node(1)));
  book.add_static(at(1));
  CHECK(is_due(book, 1, kStart));
}

TEST_CASE("recent hashes are remembered up to their number") {
  RecentHashes hashes(3);
  const auto hash = [](std::uint8_t byte) {
    Hash out;
    out.bytes.fill(byte);
    return out;
  };
  for (std::uint8_t i = 1; i <= 4; ++i) CHECK(hashes.add(hash(i)));
  CHECK(!hashes.add(hash(4)));
  CHECK(!hashes.contains(hash(1)));
  CHECK(hashes.contains(hash(2)));
  hashes.remove(hash(3));
  CHECK(!hashes.contains(hash(3)));
}

TEST_CASE("enodes are read as they are written, and nothing else is") {
  for (const std::string host : {"127.0.0.1", "node-1.example.org", "2001:db8::1"}) {
    const NodeAddress address{node(0xab), host, 30303};
    const auto read = parse_enode(to_enode(address));
    REQUIRE(read.has_value());
    CHECK(*read == address);
  }
  CHECK(to_enode({node(0xab), "::1", 7}).ends_with("@[::1]:7"));
  const std::string id = hex::encode(node(0xab));
  for (const std::string& text :
       {std::string(), std::string("enode://"), "enode://" + id, "enode://" + id + "@",
        "enode://" + id + "@host", "enode://" + id + "@host:", "enode://" + id + "@host:0",
        "enode://" + id + "@host:65536", "enode://" + id + "@host:1x", "enode://" + id + "@:1",
        "enode://" + id + "@ho st:1", "enode://" + id.substr(2) + "@host:1", "enode://" + id + "00@host:1",
        "http://" + id + "@host:1"})
    CHECK_MESSAGE(!parse_enode(text).has_value(), text);
}

TEST_CASE("where to listen may leave the address out") {
  CHECK(*parse_listen_address("127.0.0.1:1") == ListenAddress{"127.0.0.1", 1});
  CHECK(*parse_listen_address(":30303") == ListenAddress{"0.0.0.0", 30303});
  CHECK(*parse_listen_address("[::]:0") == ListenAddress{"::", 0});
  for (const char* text : {"", "30303", "host", "host:", "host:x", "host:65536"})
    CHECK(!parse_listen_address(text).has_value());
}
