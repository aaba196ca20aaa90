#include "world.hpp"

using namespace aitbc;
using namespace aitbc::test;

namespace {

// A pool with one rich sender.
World rich_world(MempoolOptions options = {}) {
  World world(options);
  world.fund(1, 1'000'000'000'000);
  world.open();
  return world;
}

std::string answer_to(Transaction transaction) {
  World world = rich_world();
  return world.add(signed_by(1, std::move(transaction)));
}

}  // namespace

TEST_CASE("a plain transfer is admitted, found and counted") {
  World world = rich_world();
  const TransactionPtr transaction = make({});
  CHECK(world.add(transaction) == "");
  CHECK(world.pool().find(transaction->hash) == transaction);
  CHECK(world.pool().status().pending == 1);
  CHECK(world.pool().status().queued == 0);
  CHECK(world.pool().status().bytes == transaction->wire.size());
  CHECK(world.pool().next_nonce(address_of(1)) == 1);
}

TEST_CASE("an unknown hash is found nowhere") {
  World world = rich_world();
  CHECK(world.pool().find(Hash{}) == nullptr);
}

TEST_CASE("the same transaction twice is already known") {
  World world = rich_world();
  const TransactionPtr transaction = make({});
  CHECK(world.add_all(std::vector{transaction, transaction}) ==
        std::vector<std::string>{"", "already known"});
  CHECK(world.add(transaction) == "already known");
  CHECK(world.stored().size() == 1);
}

TEST_CASE("a transaction without replay protection is refused") {
  Transaction transaction = unsigned_transfer({});
  transaction.type = TransactionType::legacy;
  transaction.max_priority_fee_per_gas = transaction.max_fee_per_gas;
  transaction.chain_id = std::nullopt;
  CHECK(answer_to(transaction) == "only replay-protected (EIP-155) transactions allowed over RPC");
}

TEST_CASE("a transaction for another chain is refused") {
  Transaction transaction = unsigned_transfer({});
  transaction.chain_id = 1;
  CHECK(answer_to(transaction) == "invalid chain id");
}

TEST_CASE("legacy and access-list transactions are admitted") {
  Transaction transaction = unsigned_transfer({});
  transaction.max_priority_fee_per_gas = transaction.max_fee_per_gas;
  transaction.type = TransactionType::legacy;
  CHECK(answer_to(transaction) == "");
  transaction.type = TransactionType::access_list;
  CHECK(answer_to(transaction) == "");
}

TEST_CASE("contract creation is refused with a clear message") {
  Transaction transaction = unsigned_transfer({.gas = 100'000});
  transaction.to = std::nullopt;
  CHECK(answer_to(transaction) == "contract creation is not supported");
}

TEST_CASE("less gas than the intrinsic cost is refused") {
  CHECK(answer_to(unsigned_transfer({.gas = 20'999})) == "intrinsic gas too low");
  Transaction with_data = unsigned_transfer({.gas = 21'015});
  with_data.data = {0xff};
  CHECK(answer_to(with_data) == "intrinsic gas too low");
  with_data.gas_limit = 21'016;
  CHECK(answer_to(with_data) == "");
}

TEST_CASE("more gas than a block has is refused") {
  CHECK(answer_to(unsigned_transfer({.max_fee = 8, .gas = 30'000'001})) == "exceeds block gas limit");
  CHECK(answer_to(unsigned_transfer({.max_fee = 8, .gas = 30'000'000})) == "");
}

TEST_CASE("a priority fee above the maximum fee is refused") {
  World world = rich_world();
  CHECK(world.add(make_unsigned({.tip = 11, .max_fee = 10})) ==
        "max priority fee per gas higher than max fee per gas");
}

TEST_CASE("a priority fee below the pool's minimum is underpriced") {
  MempoolOptions options;
  options.min_priority_fee = Amount(5);
  World world = rich_world(options);
  CHECK(world.send({.tip = 4}) == "transaction underpriced");
  CHECK(world.send({.tip = 5}) == "");
}

TEST_CASE("a transaction longer than the limit is oversized") {
  MempoolOptions options;
  options.max_transaction_bytes = 300;
  World world = rich_world(options);
  Transaction transaction = unsigned_transfer({.gas = 100'000});
  transaction.data.resize(300);
  CHECK(world.add(signed_by(1, transaction)) == "oversized data");
  transaction.data.resize(100);
  CHECK(world.add(signed_by(1, transaction)) == "");
}

TEST_CASE("values near 2^256 are more than anybody has") {
  constexpr auto kAll = ~std::uint64_t{0};
  const Uint256 huge = Uint256::from_parts(kAll, kAll, kAll, kAll);
  const std::string poor = "insufficient funds for gas * price + value";
  Transaction transaction = unsigned_transfer({});
  transaction.value = huge;
  CHECK(answer_to(transaction) == poor);
  transaction = unsigned_transfer({});
  transaction.max_fee_per_gas = huge;
  CHECK(answer_to(transaction) == poor);
  transaction.max_priority_fee_per_gas = huge;
  CHECK(answer_to(transaction) == poor);
  transaction = unsigned_transfer({});
  transaction.max_fee_per_gas = Uint256::from_parts(0, 0, kAll, kAll);
  CHECK(answer_to(transaction) == poor);
  transaction.value = Uint256::from_parts(0, 0, kAll, kAll);
  transaction.max_fee_per_gas = 1'000;
  CHECK(answer_to(transaction) == poor);
}

TEST_CASE("a nonce that the account has used is too low") {
  World world;
  world.fund(1, 1'000'000'000, 5);
  world.open();
  CHECK(world.send({.nonce = 4}) == "nonce too low");
  CHECK(world.send({.nonce = 5}) == "");
}

TEST_CASE("a nonce too far beyond the first missing one is too high") {
  MempoolOptions options;
  options.max_nonce_gap = 3;
  World world = rich_world(options);
  CHECK(world.send({.nonce = 4}) == "nonce too high");
  CHECK(world.send({.nonce = 3}) == "");
  CHECK(world.send({.nonce = 0}) == "");
  CHECK(world.send({.nonce = 4}) == "");  // now 1 is the first missing
  CHECK(world.send({.nonce = ~std::uint64_t{0} - 1}) == "nonce too high");
}

TEST_CASE("a balance below gas * price + value is insufficient") {
  World world;
  world.fund(1, 21'000 * 10 + 5);
  world.open();
  CHECK(world.send({.max_fee = 10, .value = 6}) == "insufficient funds for gas * price + value");
  CHECK(world.send({.max_fee = 10, .value = 5}) == "");
}

TEST_CASE("a balance must cover what the sender has pooled up to the newcomer") {
  World world;
  world.fund(1, 3 * 21'000 * 10);
  world.open();
  CHECK(world.send({.nonce = 0, .max_fee = 10}) == "");
  CHECK(world.send({.nonce = 2, .max_fee = 20}) == "");
  CHECK(world.send({.nonce = 3, .max_fee = 10}) == "insufficient funds for gas * price + value");
  // Nonce 1 counts only what comes before it, and 2 waits until there is money for it.
  CHECK(world.send({.nonce = 1, .max_fee = 21}) == "insufficient funds for gas * price + value");
  CHECK(world.send({.nonce = 1, .max_fee = 20}) == "");
  CHECK(text(world.pool().content_from(address_of(1))) == "1:0 1:1 | 1:2");
  CHECK(world.pool().next_nonce(address_of(1)) == 3);
}

TEST_CASE("an account that does not exist has no funds") {
  World world = rich_world();
  CHECK(world.send({.from = 2}) == "insufficient funds for gas * price + value");
  CHECK(world.pool().next_nonce(address_of(2)) == 0);
}

TEST_CASE("one sender's transactions are limited") {
  MempoolOptions options;
  options.max_transactions_per_sender = 2;
  World world = rich_world(options);
  CHECK(world.send({.nonce = 0}) == "");
  CHECK(world.send({.nonce = 1}) == "");
  CHECK(world.send({.nonce = 2}) == "account limit exceeded");
  CHECK(world.send({.nonce = 1, .tip = 2, .max_fee = 1'100}) == "");
}

TEST_CASE("a state that cannot be read is a failure of this machine, not of the transaction") {
  struct BrokenView final : StateView {
    Result<std::optional<Account>> account(const Address&) const override {
      return fail(ErrorCode::io, "read failed");
    }
    Result<std::optional<Bytes>> storage(const Address&, ByteView) const override { return std::nullopt; }
    Result<std::optional<KeyValue>> storage_lower_bound(const Address&, ByteView) const override {
      return std::nullopt;
    }
  };
  World world = rich_world();
  MempoolHead head = world.head();
  head.state = std::make_shared<BrokenView>();
  REQUIRE(world.pool().committed({head, {}, {}}, world.now));
  const auto results = world.pool().add(std::vector{make({.from = 2})}, world.now);
  REQUIRE(!results[0]);
  CHECK(results[0].error().code == ErrorCode::io);
}

TEST_CASE("one bad transaction in a batch does not touch the others") {
  World world = rich_world();
  const auto answers = world.add_all(
      {make({.nonce = 0}), make({.from = 2}), make({.nonce = 1}), make({.nonce = 1, .tip = 0})});
  CHECK(answers == std::vector<std::string>{"", "insufficient funds for gas * price + value", "",
                                            "replacement transaction underpriced"});
  CHECK(world.stored().size() == 2);
}
