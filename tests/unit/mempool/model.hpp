// The pool's rules in the plainest form: no indexes, everything worked out anew from the list of what waits.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "world.hpp"

namespace aitbc::test {

class Model {
 public:
  struct Waiting {
    TransactionPtr transaction;
    std::uint64_t order = 0;  // of arrival
    Seconds since = 0;
  };
  using Queue = std::map<Nonce, Waiting>;

  Model(const MempoolOptions& options, const Accounts& accounts, Amount base_fee)
      : options_(options), accounts_(accounts), base_fee_(base_fee) {}

  // The pool's answers: "" or why not. What is on its way to the disk is not evicted.
  std::vector<std::string> add_all(const std::vector<TransactionPtr>& transactions, Seconds now);
  // A block has changed these accounts (the world's map holds their new state).
  void changed(const Address& sender);
  void expire(Seconds now);
  // As a restart does.
  void reload(Seconds now);
  void set_base_fee(Amount base_fee) { base_fee_ = base_fee; }

  // "1:0 1:1 | 1:3" as text(SenderContent) has it.
  Mempool::SenderContent content(const Address& sender) const;
  std::vector<TransactionPtr> select(Gas gas) const;
  std::size_t size() const;
  std::size_t bytes() const;

 private:
  std::string add(const TransactionPtr& transaction, Seconds now);
  Account account(const Address& sender) const;
  std::size_t executable(const Address& sender) const;
  bool make_room(const TransactionPtr& newcomer, bool executable);
  void drop_invalid(const Address& sender);

  const MempoolOptions& options_;
  const Accounts& accounts_;
  Amount base_fee_;
  std::uint64_t next_order_ = 0;
  std::uint64_t first_of_batch_ = 0;
  std::map<Address, Queue> queues_;
};

}  // namespace aitbc::test
