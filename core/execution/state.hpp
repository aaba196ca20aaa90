// The mutable state of one block in execution: a journaled overlay on a StateView.
#pragma once

#include <initializer_list>
#include <memory>
#include <optional>
#include <vector>

#include "base/result.hpp"
#include "execution/state_diff.hpp"
#include "execution/state_view.hpp"

namespace aitbc {

// Not thread-safe. A local failure of the underlying view is remembered: reads then answer "absent" and
// failure() tells; whoever drives the execution checks it after each transaction and discards everything. So
// modules need no error path of their own for broken disks.
class State {
 public:
  // The view must outlive the State.
  explicit State(const StateView& base);
  ~State();
  State(State&&) noexcept;
  State& operator=(State&&) noexcept;

  Nonce nonce(const Address& address);
  Amount balance(const Address& address);
  Account account(const Address& address);  // Account::empty() when absent
  void set_nonce(const Address& address, Nonce nonce);
  void set_code_hash(const Address& address, const Hash& code_hash);
  // False and no change on overflow or overdraft.
  [[nodiscard]] bool add_balance(const Address& address, Amount amount);
  [[nodiscard]] bool sub_balance(const Address& address, Amount amount);
  [[nodiscard]] bool transfer(const Address& from, const Address& to, Amount amount);
  // The only ways to make and to destroy money: the diff carries the totals, and every block is checked
  // against them (conserves_money). False and no change on overflow or overdraft.
  [[nodiscard]] bool mint(const Address& to, Amount amount);
  [[nodiscard]] bool burn(const Address& from, Amount amount);
  // Totals of this State so far.
  Amount minted() const;
  Amount burned() const;

  // Storage of the account. The pointer is valid until that key changes, or the State is rolled back or
  // destroyed.
  const Bytes* get(const Address& address, ByteView key);
  void put(const Address& address, ByteView key, Bytes value);
  // A hint that these keys will be read soon (see StateView::prefetch).
  void prefetch(const Address& address, std::initializer_list<ByteView> keys) const;
  // For a key that has no value, now or in the underlying view: spares the look that tells. With another key
  // the block is lost (its state root would come out wrong).
  void put_new(const Address& address, ByteView key, Bytes value);
  void erase(const Address& address, ByteView key);
  // The entry with the smallest key >= `from`, changes of this State included. Each stretch of the underlying
  // view is read once, so draining a queue from its front does not step over its own deletions on disk.
  std::optional<KeyValue> lower_bound(const Address& address, ByteView from);
  // To be called before keys from `from` on, new ones as a rule, are written in their order: finds out once
  // up to where the underlying view has nothing, so that not each of them is looked up there.
  void expect_new_keys(const Address& address, ByteView from);

  // Marks nest like a stack: rolling back to one undoes everything done after it was taken.
  struct Checkpoint {
    std::size_t journal_size;
  };
  Checkpoint checkpoint() const;
  void rollback(Checkpoint checkpoint);
  // Keeps everything done so far and forgets how to undo it: checkpoints taken before are void.
  void discard_checkpoints();

  const std::optional<Error>& failure() const;

  // Ends the State's life. Accounts left empty (EIP-161) come out as gone; storage roots are those of
  // `before` (the state trie works out the new ones). Precondition, checked: an account whose storage changed
  // is not empty (it has a nonce, a balance or code).
  StateDiff take_diff() &&;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace aitbc
