// A module whose behaviour a test fills in.
#pragma once

#include <functional>
#include <string>

#include "execution/module.hpp"

namespace aitbc::test {

class TestModule final : public Module {
 public:
  using Call = std::function<CallResult(State&, const CallContext&, ByteView)>;
  using EndBlock = std::function<void(State&, const BlockContext&, Logs&)>;
  using GenesisWork = std::function<Result<void>(State&, std::string_view)>;

  explicit TestModule(Address address) : address_(address) {}
  Call on_call = [](State&, const CallContext&, ByteView) { return CallResult{true, {}, {}, 0}; };
  EndBlock on_end_block = [](State&, const BlockContext&, Logs&) {};
  GenesisWork on_genesis = [](State&, std::string_view) { return Result<void>{}; };

  Address address() const override { return address_; }
  ByteView code() const override { return as_bytes("\xfe"); }
  CallResult call(State& state, const CallContext& context, ByteView calldata) const override {
    return on_call(state, context, calldata);
  }
  void end_block(State& state, const BlockContext& block, Logs& logs) const override {
    on_end_block(state, block, logs);
  }
  std::optional<Seconds> next_deadline(const StateView&) const override { return std::nullopt; }
  Result<void> genesis(State& state, std::string_view parameters) const override {
    return on_genesis(state, parameters);
  }
  Result<void> check_invariants(const StateView&, Seconds) const override { return {}; }

 private:
  Address address_;
};

inline Log log_of(const Address& address, std::string_view topic) {
  Log log;
  log.address = address;
  Hash word;
  std::copy_n(topic.begin(), std::min<std::size_t>(topic.size(), 32), word.bytes.begin());
  log.topics.push_back(word);
  return log;
}

}  // namespace aitbc::test
