// Random operations on a State and on a plain model of it must agree at every step, over many blocks.
#include <doctest/doctest.h>

#include <random>

#include "execution/state.hpp"
#include "tests/support/map_state_view.hpp"

using namespace aitbc;
using test::MapStateView;

namespace {

struct Mark {
  State::Checkpoint checkpoint;
  MapStateView model;
  Amount minted;
  Amount burned;
};

struct Run {
  std::mt19937_64 random;
  MapStateView base;   // the state before the block
  MapStateView model;  // what the State should show
  Amount minted;
  Amount burned;
  std::optional<State> state;
  std::vector<Mark> marks;

  explicit Run(std::uint64_t seed) : random(seed) {
    for (std::uint8_t i = 0; i < 3; ++i) base.fund(storing(i), Amount(1000), 1);
    start_block();
  }

  std::uint64_t below(std::uint64_t bound) { return random() % bound; }
  // The first three have a nonce and so may have storage; the others come and go.
  static Address storing(std::uint64_t i) { return test::address_of(static_cast<std::uint8_t>(3 * i + 1)); }
  Address any_address() { return test::address_of(static_cast<std::uint8_t>(1 + below(8))); }
  Bytes any_key() {
    Bytes key(below(4), 0);
    for (auto& byte : key) byte = static_cast<std::uint8_t>(below(3));
    return key;
  }
  Bytes any_value() { return Bytes(below(3), static_cast<std::uint8_t>(below(3))); }

  void start_block() {
    state.emplace(base);
    model = base;
    minted = burned = Amount{};
    marks.clear();
  }

  Account& account(const Address& address) {
    return model.accounts.try_emplace(address, Account::empty()).first->second;
  }
  void drop_empty() {
    std::erase_if(model.accounts, [](const auto& entry) { return entry.second.is_empty(); });
  }

  void step();
  void move_money();
  void mark_or_return();
  void compare_reads();
  void end_block();
};

void Run::step() {
  switch (below(10)) {
    case 0: {
      const Address where = storing(below(3));
      const Bytes key = any_key();
      const Bytes value = any_value();
      const bool is_new =
          !base.storage_entries.contains({where, key}) && !model.storage_entries.contains({where, key});
      if (is_new && below(2) == 0)
        state->put_new(where, key, value);
      else
        state->put(where, key, value);
      model.storage_entries[{where, key}] = value;
      break;
    }
    case 1: {
      const Address where = storing(below(3));
      const Bytes key = any_key();
      state->erase(where, key);
      model.storage_entries.erase({where, key});
      break;
    }
    case 2: {
      const Address who = any_address();
      const Nonce next = state->nonce(who) + 1;
      state->set_nonce(who, next);
      account(who).nonce = next;
      break;
    }
    case 3:
    case 4:
      move_money();
      break;
    case 5:
      mark_or_return();
      break;
    case 6:
      state->expect_new_keys(storing(below(3)), any_key());
      break;
    default:
      compare_reads();
      break;
  }
  drop_empty();
}

void Run::move_money() {
  const Address from = any_address();
  const Address to = any_address();
  const Amount amount(below(600));
  const bool covered = account(from).balance >= amount;
  switch (below(3)) {
    case 0:
      CHECK(state->transfer(from, to, amount) == covered);
      if (!covered) return;
      account(from).balance = *checked_sub(account(from).balance, amount);
      account(to).balance = *checked_add(account(to).balance, amount);
      return;
    case 1:
      CHECK(state->mint(to, amount));
      account(to).balance = *checked_add(account(to).balance, amount);
      minted = *checked_add(minted, amount);
      return;
    default:
      CHECK(state->burn(from, amount) == covered);
      if (!covered) return;
      account(from).balance = *checked_sub(account(from).balance, amount);
      burned = *checked_add(burned, amount);
  }
}

void Run::mark_or_return() {
  if (marks.empty() || below(2) == 0) {
    marks.push_back({state->checkpoint(), model, minted, burned});
    return;
  }
  const std::size_t depth = below(marks.size());
  state->rollback(marks[depth].checkpoint);
  model = marks[depth].model;
  minted = marks[depth].minted;
  burned = marks[depth].burned;
  marks.resize(depth + below(2), marks[depth]);  // the mark itself may be returned to again
}

void Run::compare_reads() {
  const Address where = storing(below(3));
  const Bytes key = any_key();
  const auto expected_value = *model.storage(where, key);
  const Bytes* value = state->get(where, key);
  CHECK((value != nullptr) == expected_value.has_value());
  if (value != nullptr && expected_value) CHECK(*value == *expected_value);

  const Bytes from = any_key();
  const auto expected = *model.storage_lower_bound(where, from);
  const auto found = state->lower_bound(where, from);
  CHECK(found.has_value() == expected.has_value());
  if (found && expected) {
    CHECK(found->key == expected->key);
    CHECK(found->value == expected->value);
  }
  const Address who = any_address();
  CHECK(state->account(who) == (*model.account(who)).value_or(Account::empty()));
}

void Run::end_block() {
  const StateDiff diff = std::move(*state).take_diff();
  CHECK(diff.minted == minted);
  CHECK(diff.burned == burned);
  CHECK(conserves_money(diff));
  base.apply(diff);
  CHECK(base.accounts == model.accounts);
  CHECK(base.storage_entries == model.storage_entries);
  start_block();
}

}  // namespace

TEST_CASE("a state agrees with a plain model under any sequence of operations") {
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    CAPTURE(seed);
    Run run(seed);
    for (int block = 0; block < 6; ++block) {
      for (std::uint64_t steps = run.below(150); steps > 0; --steps) run.step();
      run.end_block();
    }
  }
}
