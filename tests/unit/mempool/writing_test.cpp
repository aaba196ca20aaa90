// What happens to the pool while a batch is on its way to the disk. The disk's hook runs on the adding thread
// without the pool's lock, so it can do what another thread would do at that moment.
#include "world.hpp"

using namespace aitbc;
using namespace aitbc::test;

namespace {

using Meanwhile = std::function<void()>;

// During the next write does `meanwhile`, then lets that write go well or not.
void during_next_write(World& world, bool succeeds, Meanwhile meanwhile) {
  auto armed = std::make_shared<bool>(true);
  world.store().on_write([=](std::uint64_t, const WriteBatch&) -> Result<void> {
    if (!std::exchange(*armed, false)) return {};
    const bool goes_well = succeeds;  // nested use replaces this very hook
    const Meanwhile work = meanwhile;
    work();
    if (goes_well) return {};
    return fail(ErrorCode::io, "no space left on device");
  });
}

World rich_world(MempoolOptions options = {}) {
  World world(options);
  for (int sender = 1; sender <= 5; ++sender) world.fund(sender, 1'000'000'000'000);
  world.open();
  return world;
}

std::string content(World& world, int sender) { return text(world.pool().content_from(address_of(sender))); }

}  // namespace

TEST_CASE("a transaction is invisible until it is on the disk, but already known") {
  World world = rich_world();
  const TransactionPtr transaction = make({});
  during_next_write(world, true, [&] {
    CHECK(world.pool().find(transaction->hash) == nullptr);
    CHECK(world.select().empty());
    CHECK(content(world, 1) == " | ");
    CHECK(world.pool().status().pending + world.pool().status().queued == 0);
    CHECK(world.pool().next_nonce(address_of(1)) == 0);
    CHECK(world.add(transaction) == "already known");
    CHECK(world.send({.nonce = 1}) == "");
    CHECK(content(world, 1) == " | 1:1");
  });
  CHECK(world.add(transaction) == "");
  CHECK(content(world, 1) == "1:0 1:1 | ");
}

TEST_CASE("a failed write is an I/O error for every transaction of its batch and leaves the pool as before") {
  World world = rich_world();
  const TransactionPtr before = make({.nonce = 0});
  REQUIRE(world.add(before) == "");
  const std::size_t bytes = world.pool().status().bytes;
  during_next_write(world, false, [] {});
  const std::vector<TransactionPtr> batch{make({.nonce = 0, .tip = 2, .max_fee = 2'000}), make({.nonce = 1}),
                                          make({.nonce = 5}), make({.from = 2}), make({.from = 2, .tip = 0})};
  const auto results = world.pool().add(batch, world.now);
  for (std::size_t i = 0; i < 4; ++i) {
    REQUIRE(!results[i]);
    CHECK(results[i].error().code == ErrorCode::io);
    CHECK(results[i].error().message == "no space left on device");
    CHECK(world.pool().find(batch[i]->hash) == nullptr);
  }
  CHECK(results[4].error().message == "replacement transaction underpriced");
  CHECK(content(world, 1) == "1:0 | ");
  CHECK(content(world, 2) == " | ");
  CHECK(world.select() == std::vector{before});
  CHECK(world.pool().status().bytes == bytes);
  CHECK(world.stored().size() == 1);
  CHECK(world.add_all(batch) ==
        std::vector<std::string>{"", "", "", "", "replacement transaction underpriced"});
}

TEST_CASE("a transaction replaced while it is written: the newest that reached the disk stands") {
  for (const bool first_succeeds : {true, false}) {
    for (const bool second_succeeds : {true, false}) {
      CAPTURE(first_succeeds);
      CAPTURE(second_succeeds);
      World world = rich_world();
      const TransactionPtr old = make({.tip = 10});
      const TransactionPtr first = make({.tip = 20, .max_fee = 2'000});
      const TransactionPtr second = make({.tip = 40, .max_fee = 4'000});
      REQUIRE(world.add(old) == "");
      during_next_write(world, first_succeeds, [&] {
        CHECK(world.send({.tip = 21, .max_fee = 2'100}) == "replacement transaction underpriced");
        during_next_write(world, second_succeeds, [&] { CHECK(world.select() == std::vector{old}); });
        CHECK(world.add(second) == (second_succeeds ? "" : "no space left on device"));
        CHECK(world.select() == std::vector{second_succeeds ? second : old});
      });
      CHECK(world.add(first) == (first_succeeds ? "" : "no space left on device"));
      const TransactionPtr standing = second_succeeds ? second : first_succeeds ? first : old;
      CHECK(world.select() == std::vector{standing});
      CHECK(world.pool().status().bytes == standing->wire.size());
      for (const auto& one : {old, first, second})
        CHECK((world.pool().find(one->hash) != nullptr) == (one == standing));
      REQUIRE(world.commit({}));
      CHECK(world.stored().size() == 1);
      world.reopen();
      REQUIRE(world.select().size() == 1);
      CHECK(world.select()[0]->hash == standing->hash);
    }
  }
}

TEST_CASE("the outer write of three may finish last") {
  World world = rich_world();
  const TransactionPtr first = make({.tip = 10});
  const TransactionPtr second = make({.tip = 20, .max_fee = 2'000});
  const TransactionPtr third = make({.tip = 40, .max_fee = 4'000});
  during_next_write(world, true, [&] {
    during_next_write(world, true, [&] {
      during_next_write(world, false, [] {});
      CHECK(world.add(third) == "no space left on device");
    });
    CHECK(world.add(second) == "");
  });
  CHECK(world.add(first) == "");
  CHECK(world.select() == std::vector{second});
}

TEST_CASE("a block may include a transaction while it is written") {
  World world = rich_world();
  const TransactionPtr transaction = make({});
  during_next_write(world, true, [&] { REQUIRE(world.commit({transaction})); });
  CHECK(world.add_all({transaction, make({.nonce = 1})}) == std::vector<std::string>{"", ""});
  CHECK(world.pool().find(transaction->hash) == nullptr);
  CHECK(content(world, 1) == "1:1 | ");
  CHECK(world.add(transaction) == "nonce too low");
  REQUIRE(world.commit({}));
  CHECK(world.stored() == std::vector<std::uint64_t>{1});
}

TEST_CASE("a block may include the transaction that is being replaced") {
  World world = rich_world();
  const TransactionPtr old = make({.tip = 10});
  REQUIRE(world.add(old) == "");
  for (const bool succeeds : {true, false}) {
    during_next_write(world, succeeds, [&] { REQUIRE(world.commit({world.select()[0]})); });
    const Nonce nonce = world.accounts.at(address_of(1)).nonce;
    const TransactionPtr replacement = make({.nonce = nonce, .tip = 20, .max_fee = 2'000});
    CHECK(world.add(replacement) == (succeeds ? "" : "no space left on device"));
    CHECK(content(world, 1) == " | ");
    REQUIRE(world.send({.nonce = nonce + 1, .tip = 10}) == "");
  }
}

TEST_CASE("an evicted transaction comes back when the write that needed its place fails") {
  MempoolOptions options;
  options.max_transactions = 2;
  World world = rich_world(options);
  const TransactionPtr lowest = make({.from = 1, .tip = 1});
  REQUIRE(world.add_all({lowest, make({.from = 2, .tip = 5})}) == std::vector<std::string>{"", ""});
  during_next_write(world, false, [&] {
    CHECK(world.pool().find(lowest->hash) == nullptr);
    // The newcomer is not evictable before it is written.
    CHECK(world.send({.from = 4, .tip = 4}) == "txpool is full");
  });
  CHECK(world.send({.from = 3, .tip = 3}) == "no space left on device");
  CHECK(world.pool().find(lowest->hash) == lowest);
  CHECK(world.pool().evictions() == 0);
  CHECK(world.pool().status().pending == 2);
  CHECK(world.stored() == std::vector<std::uint64_t>{0, 1});
  CHECK(world.send({.from = 4, .tip = 4}) == "");
  CHECK(world.pool().find(lowest->hash) == nullptr);
}

TEST_CASE("an evicted transaction does not come back to a place that was taken meanwhile") {
  MempoolOptions options;
  options.max_transactions = 2;
  World world = rich_world(options);
  const TransactionPtr lowest = make({.from = 1, .tip = 1});
  const TransactionPtr successor = make({.from = 1, .tip = 9});
  REQUIRE(world.add_all({lowest, make({.from = 2, .tip = 2})}) == std::vector<std::string>{"", ""});
  during_next_write(world, false, [&] { REQUIRE(world.add(successor) == ""); });
  CHECK(world.send({.from = 3, .tip = 3}) == "no space left on device");
  CHECK(content(world, 1) == "1:0 | ");
  CHECK(world.pool().find(successor->hash) == successor);
  CHECK(world.pool().find(lowest->hash) == nullptr);
  REQUIRE(world.commit({}));
  world.reopen();
  CHECK(world.pool().find(successor->hash) != nullptr);
}

TEST_CASE("a published transaction may expire while its replacement is written") {
  MempoolOptions options;
  options.lifetime = std::chrono::seconds(100);
  for (const bool succeeds : {true, false}) {
    World world = rich_world(options);
    REQUIRE(world.send({.tip = 10}) == "");
    world.now += 101;
    const TransactionPtr replacement = make({.tip = 20, .max_fee = 2'000});
    during_next_write(world, succeeds, [&] {
      REQUIRE(world.commit({}));
      CHECK(content(world, 1) == " | ");
    });
    CHECK(world.add(replacement) == (succeeds ? "" : "no space left on device"));
    CHECK(content(world, 1) == (succeeds ? "1:0 | " : " | "));
    CHECK(world.pool().status().bytes == (succeeds ? replacement->wire.size() : 0));
  }
}

TEST_CASE("a sender's account is read again when a block came in between") {
  // Executes the sender's first transaction while its account is being read.
  struct SlowView final : StateView {
    explicit SlowView(std::function<void()> work) : during_read(std::move(work)) {}
    Result<std::optional<Account>> account(const Address&) const override {
      during_read();
      Account account = Account::empty();
      account.balance = Amount(1'000'000'000);
      return account;
    }
    Result<std::optional<Bytes>> storage(const Address&, ByteView) const override { return std::nullopt; }
    Result<std::optional<KeyValue>> storage_lower_bound(const Address&, ByteView) const override {
      return std::nullopt;
    }
    std::function<void()> during_read;
  };
  World world = rich_world();
  MempoolHead head = world.head();
  head.state = std::make_shared<SlowView>([&] { REQUIRE(world.commit({make({})})); });
  REQUIRE(world.pool().committed({head, {}, {}}, world.now));
  CHECK(world.send({.nonce = 0, .tip = 5}) == "nonce too low");
  CHECK(world.send({.nonce = 1}) == "");
}
