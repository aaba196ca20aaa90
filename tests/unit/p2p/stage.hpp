// A runtime and a network that a test drives by hand, for the parts that sit on them.
#pragma once

#include <deque>
#include <list>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "node/p2p/network.hpp"
#include "node/runtime/runtime.hpp"

namespace aitbc::p2p::test {

// One thread; every executor is one queue.
class HandRuntime final : public Runtime {
 public:
  // Tasks may own timers: those look here while they go.
  ~HandRuntime() override {
    while (!tasks_.empty() || !timers_.empty()) {
      const auto tasks = std::exchange(tasks_, {});
      const auto timers = std::exchange(timers_, {});
    }
  }

  TimePoint now() const override { return now_; }
  void post_net(Task task) override { tasks_.push_back(std::move(task)); }
  void post_chain(Task task) override { tasks_.push_back(std::move(task)); }
  void post_work(Task task) override { tasks_.push_back(std::move(task)); }
  std::unique_ptr<Timer> set_timer(TimePoint at, Task task) override {
    const auto number = ++last_timer_;
    timers_[{at, number}] = std::move(task);
    return std::make_unique<HandTimer>(*this, std::pair(at, number));
  }

  // Runs everything that is posted, then what time brings until it has advanced so far.
  void advance(Duration duration) {
    const TimePoint end = now_ + duration;
    drain();
    while (!timers_.empty() && timers_.begin()->first.first <= end) {
      const auto next = timers_.begin();
      now_ = std::max(now_, next->first.first);
      const Task task = std::move(next->second);
      timers_.erase(next);
      task();
      drain();
    }
    now_ = end;
  }

 private:
  using TimerKey = std::pair<TimePoint, std::uint64_t>;
  struct HandTimer final : Timer {
    HandTimer(HandRuntime& the_runtime, TimerKey the_key) : runtime(the_runtime), key(the_key) {}
    ~HandTimer() override { runtime.timers_.erase(key); }
    HandRuntime& runtime;
    TimerKey key;
  };
  void drain() {
    while (!tasks_.empty()) {
      const Task task = std::move(tasks_.front());
      tasks_.pop_front();
      task();
    }
  }
  TimePoint now_{std::chrono::hours(490'000)};
  std::deque<Task> tasks_;
  std::map<TimerKey, Task> timers_;
  std::uint64_t last_timer_ = 0;
};

struct Sent {
  PeerId peer;
  Message message;
};

// Writes down what is sent and who is punished.
class HandNetwork final : public Network {
 public:
  void add_listener(NetworkListener& listener) override { listeners.push_back(&listener); }
  std::vector<Peer> peers() const override { return peers_; }
  bool send(PeerId peer, const Frame& frame) override {
    sent.push_back({peer, *decode(*frame)});
    return true;
  }
  bool are_neighbours(PeerId a, PeerId b) const override {
    return links.contains({std::min(a, b), std::max(a, b)});
  }
  void disconnect(PeerId peer, std::string_view) override { drop(peer); }
  void punish(PeerId peer, Offence offence, std::string_view) override {
    punished.emplace_back(peer, offence);
  }

  void connect(PeerId id) {
    Peer peer;
    peer.id = id;
    peers_.push_back(peer);
    for (NetworkListener* listener : listeners) listener->on_connected(peer);
  }
  void drop(PeerId id) {
    std::erase_if(peers_, [id](const Peer& peer) { return peer.id == id; });
    for (NetworkListener* listener : listeners) listener->on_disconnected(id);
  }
  void receive(PeerId id, const Message& message) {
    for (NetworkListener* listener : listeners) listener->on_message(id, message, nullptr);
  }
  // The messages of one kind sent to a peer, and forgets everything.
  template <class Kind>
  std::vector<Kind> take(PeerId id) {
    std::vector<Kind> out;
    for (const Sent& one : sent)
      if (one.peer == id && std::holds_alternative<Kind>(one.message))
        out.push_back(std::get<Kind>(one.message));
    sent.clear();
    return out;
  }

  std::vector<NetworkListener*> listeners;
  std::vector<Sent> sent;
  std::vector<std::pair<PeerId, Offence>> punished;
  std::set<std::pair<PeerId, PeerId>> links;

 private:
  std::vector<Peer> peers_;
};

}  // namespace aitbc::p2p::test
