// The pool against the model: random lives, equal answers, equal content.
#include <random>

#include "model.hpp"

using namespace aitbc;
using namespace aitbc::test;

namespace {

constexpr int kSenders = 6;

MempoolOptions tight_options() {
  MempoolOptions options;
  options.max_transactions = 24;
  options.max_transactions_per_sender = 8;
  options.max_nonce_gap = 4;
  options.max_bytes = 24 * 110;
  options.lifetime = std::chrono::seconds(300);
  return options;
}

class Life {
 public:
  explicit Life(std::uint64_t seed) : random_(seed), world_(tight_options()) {
    for (int sender = 1; sender <= kSenders; ++sender) world_.fund(sender, pick(20'000'000'000));
    world_.set_base_fee(base_fee_);
    world_.open();
    model_ = std::make_unique<Model>(world_.options, world_.accounts, Amount(base_fee_));
  }

  void step() {
    world_.now += pick(8);
    const std::uint64_t choice = pick(100);
    if (choice < 80)
      add();
    else if (choice < 90)
      commit();
    else if (choice < 95)
      change_balance();
    else
      reload();
    compare();
  }

 private:
  std::uint64_t pick(std::uint64_t below) { return random_() % below; }

  void add() {
    std::vector<TransactionPtr> batch;
    for (std::uint64_t count = 1 + pick(4); count > 0; --count) {
      const int sender = 1 + static_cast<int>(pick(kSenders));
      const Nonce base = world_.accounts[address_of(sender)].nonce;
      const Nonce nonce = std::max<Nonce>(base + pick(10), 2) - 2;
      // No two fees are alike, so that nothing depends on how ties are broken.
      const std::uint64_t tip = 1'000 * (1 + pick(20)) + ++fee_serial_ % 1'000;
      const std::uint64_t max_fee = tip + 1'000 * pick(20);
      Transaction transaction =
          unsigned_transfer({.from = sender, .nonce = nonce, .tip = tip, .max_fee = max_fee});
      transaction.gas_limit = 21'000 + pick(2) * 9'000;
      if (pick(8) == 0) {
        transaction.gas_limit = 60'000;
        transaction.data.resize(pick(300), 1);
      }
      batch.push_back(pick(10) == 0 && last_ ? last_ : signed_by(sender, transaction));
      last_ = batch.back();
    }
    std::string expected;
    for (const std::string& answer : model_->add_all(batch, world_.now)) expected += answer + "; ";
    std::string answers;
    for (const std::string& answer : world_.add_all(batch)) answers += answer + "; ";
    REQUIRE(answers == expected);
  }

  // A block of some of what the pool offers, now and then with a stranger to the pool in it.
  void commit() {
    std::vector<TransactionPtr> block =
        world_.pool().select(Amount(base_fee_), 60'000 + pick(300'000), 1 << 20);
    std::map<Address, Nonce> next;
    std::erase_if(block, [&](const TransactionPtr& one) {
      const auto expected = next.try_emplace(one->sender, world_.accounts[one->sender].nonce).first;
      const bool skipped = one->transaction.nonce != expected->second || pick(6) == 0;
      if (!skipped) ++expected->second;
      return skipped;
    });
    if (!block.empty() && pick(3) == 0) block.back() = stranger_for(block);
    REQUIRE(world_.commit(block));
    for (const TransactionPtr& one : block) model_->changed(one->sender);
    model_->expire(world_.now);
    if (pick(3) == 0) change_base_fee();
  }

  // Another transaction of the nonce that the block's last one has, no dearer than that.
  TransactionPtr stranger_for(const std::vector<TransactionPtr>& block) {
    const RecoveredTransaction& last = *block.back();
    Transaction other = last.transaction;
    other.max_fee_per_gas = std::max(base_fee_, other.max_fee_per_gas.low_u64() - 1);
    other.max_priority_fee_per_gas = 0;
    int sender = 1;
    while (address_of(sender) != last.sender) ++sender;
    return signed_by(sender, other);
  }

  void change_base_fee() {
    base_fee_ = 1'000 * pick(15);
    world_.set_base_fee(base_fee_);
    model_->set_base_fee(Amount(base_fee_));
    REQUIRE(world_.commit({}));
  }

  void change_balance() {
    const int sender = 1 + static_cast<int>(pick(kSenders));
    REQUIRE(world_.commit_balances({{sender, pick(20'000'000'000)}}));
    model_->changed(address_of(sender));
    model_->expire(world_.now);
  }

  void reload() {
    world_.reopen();
    model_->reload(world_.now);
  }

  void compare() {
    for (int sender = 1; sender <= kSenders; ++sender)
      REQUIRE(text(world_.pool().content_from(address_of(sender))) ==
              text(model_->content(address_of(sender))));
    REQUIRE(text(world_.select()) == text(model_->select(30'000'000)));
    const MempoolStatus status = world_.pool().status();
    CHECK(status.pending + status.queued == model_->size());
    CHECK(status.bytes == model_->bytes());
  }

  std::mt19937_64 random_;
  World world_;
  std::unique_ptr<Model> model_;
  std::uint64_t base_fee_ = 5'000;
  std::uint64_t fee_serial_ = 0;
  TransactionPtr last_;
};

}  // namespace

TEST_CASE("the pool answers and holds what the plain rules say, whatever happens to it") {
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    CAPTURE(seed);
    Life life(seed);
    for (int step = 0; step < 250; ++step) {
      CAPTURE(step);
      life.step();
    }
  }
}
