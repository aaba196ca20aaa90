#include "node/rpc/subscriptions.hpp"

#include <algorithm>

#include "node/rpc/filters.hpp"
#include "node/rpc/render.hpp"

namespace aitbc::rpc {

struct Subscriptions::Subscription {
  std::string id;
  Kind kind = Kind::heads;
  Subscriber subscriber;
  LogCriteria criteria;
  bool in_full = false;

  void notify(std::string_view result) const {
    std::string text = R"({"jsonrpc":"2.0","method":"eth_subscription","params":{"subscription":")";
    text.append(id).append(R"(","result":)").append(result).append("}}");
    subscriber->send(std::make_shared<const std::string>(std::move(text)));
  }
};

Subscriptions::Subscriptions(std::function<void(std::function<void()>)> post, std::size_t max_per_connection)
    : post_(std::move(post)), max_per_connection_(max_per_connection) {}
Subscriptions::~Subscriptions() = default;

RpcResult<std::string> Subscriptions::add_heads(const Subscriber& subscriber) {
  return add({.id = {}, .kind = Kind::heads, .subscriber = subscriber, .criteria = {}, .in_full = false});
}
RpcResult<std::string> Subscriptions::add_logs(const Subscriber& subscriber, const LogCriteria& criteria) {
  return add(
      {.id = {}, .kind = Kind::logs, .subscriber = subscriber, .criteria = criteria, .in_full = false});
}
RpcResult<std::string> Subscriptions::add_pending(const Subscriber& subscriber, bool in_full) {
  return add({.id = {}, .kind = Kind::pending, .subscriber = subscriber, .criteria = {}, .in_full = in_full});
}

RpcResult<std::string> Subscriptions::add(Subscription subscription) {
  // go-ethereum's words and code for a connection that cannot be notified.
  if (subscription.subscriber == nullptr) return rpc_fail(kMethodNotFound, "notifications not supported");
  subscription.id = random_id();
  const std::lock_guard lock(mutex_);
  const auto same = std::count_if(by_id_.begin(), by_id_.end(), [&](const auto& entry) {
    return entry.second->subscriber == subscription.subscriber;
  });
  if (static_cast<std::size_t>(same) >= max_per_connection_)
    return rpc_fail(kLimitExceeded,
                    "too many subscriptions (max " + std::to_string(max_per_connection_) + ")");
  ++count(subscription.kind);
  std::string id = subscription.id;
  by_id_.emplace(id, std::make_shared<const Subscription>(std::move(subscription)));
  return id;
}

// Precondition: mutex_ is held.
void Subscriptions::erase(std::map<std::string, SubscriptionPtr, std::less<>>::iterator entry) {
  --count(entry->second->kind);
  by_id_.erase(entry);
}

bool Subscriptions::remove(const Subscriber& subscriber, std::string_view id) {
  const std::lock_guard lock(mutex_);
  const auto found = by_id_.find(id);
  if (found == by_id_.end() || found->second->subscriber != subscriber) return false;
  erase(found);
  return true;
}

void Subscriptions::remove_all(const Subscriber& subscriber) {
  const std::lock_guard lock(mutex_);
  for (auto entry = by_id_.begin(); entry != by_id_.end();) {
    const auto next = std::next(entry);
    if (entry->second->subscriber == subscriber) erase(entry);
    entry = next;
  }
}

std::vector<Subscriptions::SubscriptionPtr> Subscriptions::of_kind(Kind kind) {
  std::vector<SubscriptionPtr> out;
  const std::lock_guard lock(mutex_);
  for (const auto& [id, subscription] : by_id_)
    if (subscription->kind == kind) out.push_back(subscription);
  return out;
}

void Subscriptions::on_head(const chain::HeadEvent& event) {
  if (count(Kind::heads) + count(Kind::logs) == 0) return;
  post_([this, event] {
    notify_heads(event);
    notify_logs(event);
  });
}

void Subscriptions::notify_heads(const chain::HeadEvent& event) {
  const auto subscribers = of_kind(Kind::heads);
  if (subscribers.empty()) return;
  std::string text;
  JsonWriter out(text);
  out.begin_object();
  write_header_members(out, event.block->header, event.view->head_hash);
  out.end_object();
  for (const SubscriptionPtr& subscription : subscribers) subscription->notify(text);
}

void Subscriptions::notify_logs(const chain::HeadEvent& event) {
  const auto subscribers = of_kind(Kind::logs);
  if (subscribers.empty()) return;
  const Block& block = *event.block;
  std::uint64_t log_index = 0;
  for (std::uint32_t i = 0; i < event.outcome->receipts.size(); ++i) {
    const Hash transaction_hash = i < block.transactions.size()
                                      ? block.transactions[i]->hash
                                      : system_transaction_hash(block.header.number);
    for (const Log& log : event.outcome->receipts[i].logs) {
      std::string text;
      const chain::FoundLog found{
          log, block.header.number, event.view->head_hash, block.header.timestamp, transaction_hash,
          i,   log_index++};
      for (const SubscriptionPtr& subscription : subscribers) {
        if (!chain::matches(subscription->criteria.over(0, 0), log)) continue;
        if (text.empty()) {
          JsonWriter out(text);
          write_log(out, found);
        }
        subscription->notify(text);
      }
    }
  }
}

void Subscriptions::on_admitted(std::span<const TransactionPtr> transactions) {
  if (count(Kind::pending) == 0) return;
  bool is_first = false;
  {
    const std::lock_guard lock(arrivals_mutex_);
    is_first = arrivals_.empty();
    arrivals_.insert(arrivals_.end(), transactions.begin(), transactions.end());
  }
  if (is_first) post_([this] { notify_pending(); });
}

void Subscriptions::notify_pending() {
  std::vector<TransactionPtr> arrivals;
  {
    const std::lock_guard lock(arrivals_mutex_);
    arrivals.swap(arrivals_);
  }
  const auto subscribers = of_kind(Kind::pending);
  for (const TransactionPtr& transaction : arrivals) {
    for (const SubscriptionPtr& subscription : subscribers) {
      std::string text;
      JsonWriter out(text);
      if (subscription->in_full)
        write_transaction(out, *transaction, nullptr, 0);
      else
        out.data(transaction->hash);
      subscription->notify(text);
    }
  }
}

}  // namespace aitbc::rpc
