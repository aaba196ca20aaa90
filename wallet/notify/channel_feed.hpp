// One channel on its way through the chain's logs.
#pragma once

#include <deque>
#include <functional>
#include <string>

#include "wallet/cli/node_client.hpp"
#include "wallet/cli/service_log.hpp"
#include "wallet/notify/cursor.hpp"
#include "wallet/notify/delivery.hpp"

namespace aitbc::notify {

struct ChainIdentity {
  std::uint64_t chain_id = 0;
  Hash genesis;
};

// Not thread-safe.
class ChannelFeed {
 public:
  using Post =
      std::function<tl::expected<web::HttpReply, web::HttpFailure>(const Channel&, std::string body)>;

  ChannelFeed(const Channel& channel, const NotifyConfig& config, cli::ServiceLog& log, Post post,
              std::function<std::uint64_t()> steady_ms);

  // Reads the cursor, or makes it. Fails when it is damaged or of another chain.
  cli::Outcome<void> open(const ChainIdentity& chain, Height head);
  // Posts what there is up to `head`, until the service wants a pause. Fails when the node cannot be reached
  // or the cursor cannot be stored; then nothing was posted that the cursor does not know of.
  cli::Outcome<void> advance(cli::NodeClient& node, Height head);
  bool is_open() const { return is_open_; }
  const ChannelState& state() const { return state_; }

 private:
  cli::Outcome<void> fetch(cli::NodeClient& node, Height head);
  cli::Outcome<void> deliver(const MarketEvent& event);
  cli::Outcome<void> move_to(Position next);
  void note(const MarketEvent& event, const Answer& answer);

  const Channel& channel_;
  const NotifyConfig& config_;
  cli::ServiceLog& log_;
  Post post_;
  std::function<std::uint64_t()> steady_ms_;
  Cursor cursor_;
  ChannelState state_;
  bool is_open_ = false;
  std::deque<MarketEvent> waiting_;  // fetched, in order, from state_.next on
  Height fetched_to_ = 0;            // the first block that is not fetched
  std::uint64_t failures_ = 0;       // in a row
  std::uint64_t paused_until_ms_ = 0;
};

}  // namespace aitbc::notify
