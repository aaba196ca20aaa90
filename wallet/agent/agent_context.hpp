// What the agent's parts share.
#pragma once

#include <functional>
#include <map>
#include <string>

#include "wallet/agent/chain_view.hpp"
#include "wallet/agent/config.hpp"
#include "wallet/agent/sender.hpp"
#include "wallet/cli/service_log.hpp"

namespace aitbc::agent {

// The chain's constants that the agent lives by.
struct ChainRules {
  std::uint64_t chain_id = 0;
  std::uint64_t heartbeat_grace = 0;  // seconds
};

class AgentContext {
 public:
  AgentContext(const AgentConfig& agent_config, cli::NodeClient& node, const PrivateKey& key,
               cli::ServiceLog& agent_log, std::function<std::uint64_t()> steady_ms)
      : config(agent_config),
        chain(node),
        sender(node, key, steady_ms),
        log(agent_log),
        now_ms(std::move(steady_ms)) {}

  const Address& account() const { return sender.account(); }

  // Sends as Sender::send. A refusal is logged and held against the purpose for a while: then false is given,
  // and until then nothing is asked again. Fails only when the node cannot be reached.
  cli::Outcome<bool> send(const std::string& purpose, std::string_view call, std::string_view arguments);
  // Notes a transaction that got into a block and failed there.
  void note_failure(const Sent& sent);

  const AgentConfig& config;
  ChainView chain;
  Sender sender;
  cli::ServiceLog& log;
  std::function<std::uint64_t()> now_ms;  // never goes back
  ChainRules rules;

 private:
  struct Pause {
    std::uint64_t until_ms = 0;
    std::uint64_t length_ms = 0;
  };
  void pause(const std::string& purpose);
  std::map<std::string, Pause> pauses_;
};

// "job_5" and its like.
std::string id_text(std::string_view prefix, std::uint64_t id);

}  // namespace aitbc::agent
