// The provider as the chain knows it: its particulars, stake, GPUs and services as the configuration has
// them, and its heartbeats.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "wallet/agent/agent_context.hpp"

namespace aitbc::agent {

class Presence {
 public:
  explicit Presence(AgentContext& context) : context_(context) {}

  // Moves the chain's record towards the configuration, a step at a time; true once nothing is left to do.
  // Fails when the node cannot be reached, and for good when the stake cannot be paid.
  cli::Outcome<bool> establish();
  // Heartbeats and renewed services. `head` is the newest block.
  cli::Outcome<void> tick(const HeadView& head);
  void on_sent(const Sent& sent);

  struct OwnGpu {
    std::uint64_t id = 0;
    std::uint64_t number = 0;
    std::string device_id;
    bool works = true;
    bool is_detected = false;
  };
  const std::vector<OwnGpu>& gpus() const { return gpus_; }
  const OwnGpu* find_gpu(std::uint64_t id) const;
  std::uint64_t last_heartbeat_ms() const { return last_heartbeat_wall_ms_; }  // wall clock; 0: none yet
  std::uint64_t heartbeat_interval_ms() const;

 private:
  cli::Outcome<bool> establish_provider();
  cli::Outcome<bool> establish_stake();
  cli::Outcome<bool> establish_gpus();
  cli::Outcome<bool> establish_gpu(const GpuOffer& offer, const std::vector<GpuView>& known);
  cli::Outcome<void> renew_services();
  std::vector<GpuOffer> look_for_gpus();
  void check_gpus();
  std::string down_bits() const;

  AgentContext& context_;
  std::vector<OwnGpu> gpus_;
  bool detection_failed_ = false;
  std::string reported_down_;
  std::uint64_t next_heartbeat_ms_ = 0;
  std::uint64_t next_check_ms_ = 0;
  std::uint64_t next_renewal_ms_ = 0;
  std::uint64_t last_heartbeat_wall_ms_ = 0;
  bool services_changed_ = true;
};

}  // namespace aitbc::agent
