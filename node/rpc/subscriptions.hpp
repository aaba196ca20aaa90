// eth_subscribe: new heads, logs and pending transactions, pushed to WebSocket clients.
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "node/chain/chain.hpp"
#include "node/rpc/log_criteria.hpp"
#include "node/rpc/registry.hpp"

namespace aitbc::rpc {

// Thread-safe.
class Subscriptions {
 public:
  // `post` runs tasks later, in order, one at a time: notifications are put together there, so that neither
  // the chain nor whoever sends a transaction waits for them.
  Subscriptions(std::function<void(std::function<void()>)> post, std::size_t max_per_connection);
  ~Subscriptions();

  // The new subscription's id.
  RpcResult<std::string> add_heads(const Subscriber& subscriber);
  RpcResult<std::string> add_logs(const Subscriber& subscriber, const LogCriteria& criteria);
  // in_full: transactions instead of their hashes.
  RpcResult<std::string> add_pending(const Subscriber& subscriber, bool in_full);
  // False when the connection has no such subscription.
  bool remove(const Subscriber& subscriber, std::string_view id);
  // The connection ended.
  void remove_all(const Subscriber& subscriber);

  // To be called with what Chain::on_head and Mempool::on_admitted announce. They cost nothing without
  // subscribers.
  void on_head(const chain::HeadEvent& event);
  void on_admitted(std::span<const TransactionPtr> transactions);

 private:
  enum class Kind { heads, logs, pending };
  struct Subscription;
  using SubscriptionPtr = std::shared_ptr<const Subscription>;

  RpcResult<std::string> add(Subscription subscription);
  void erase(std::map<std::string, SubscriptionPtr, std::less<>>::iterator entry);
  std::vector<SubscriptionPtr> of_kind(Kind kind);
  std::atomic<std::size_t>& count(Kind kind) { return counts_[static_cast<std::size_t>(kind)]; }
  void notify_heads(const chain::HeadEvent& event);
  void notify_logs(const chain::HeadEvent& event);
  void notify_pending();

  const std::function<void(std::function<void()>)> post_;
  const std::size_t max_per_connection_;
  std::array<std::atomic<std::size_t>, 3> counts_{};
  std::mutex mutex_;
  std::map<std::string, SubscriptionPtr, std::less<>> by_id_;

  std::mutex arrivals_mutex_;
  std::vector<TransactionPtr> arrivals_;  // not told yet; a task is on its way when there are any
};

}  // namespace aitbc::rpc
