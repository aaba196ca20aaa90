#include "wallet/notify/channel_feed.hpp"

#include "codec/hex.hpp"
#include "marketplace/abi.hpp"
#include "wallet/notify/message.hpp"

namespace aitbc::notify {
namespace {

using cli::Outcome;

constexpr Height kBlocksAtOnce = 1'000;

}  // namespace

ChannelFeed::ChannelFeed(const Channel& channel, const NotifyConfig& config, cli::ServiceLog& log, Post post,
                         std::function<std::uint64_t()> steady_ms)
    : channel_(channel),
      config_(config),
      log_(log),
      post_(std::move(post)),
      steady_ms_(std::move(steady_ms)),
      cursor_(config.state_folder, channel.name) {}

Outcome<void> ChannelFeed::open(const ChainIdentity& chain, Height head) {
  AITBC_ASSIGN(const std::optional<ChannelState> stored, cursor_.load());
  if (stored && (stored->chain_id != chain.chain_id || stored->genesis != chain.genesis))
    return cli::failed(cli::Exit::local, "the cursor of channel '" + channel_.name +
                                             "' belongs to another chain than this node's; give the channel "
                                             "another name or another state-folder");
  state_ = stored.value_or(ChannelState{
      chain.chain_id, chain.genesis, {config_.from_block.value_or(head + 1), 0}, false, 0, 0, 0});
  if (state_.attempting) {
    // The process ended between the post and its outcome. It may have arrived, so it is not posted again.
    log_.warning("an event may not have been posted: the program was stopped while it posted it",
                 {{"channel", channel_.name},
                  {"block", std::to_string(state_.next.block)},
                  {"log", std::to_string(state_.next.log)}});
    ++state_.uncertain;
    ++state_.next.log;
    state_.attempting = false;
  }
  AITBC_TRY(cursor_.store(state_));
  fetched_to_ = state_.next.block;
  is_open_ = true;
  return {};
}

Outcome<void> ChannelFeed::fetch(cli::NodeClient& node, Height head) {
  const Height last = std::min(head, fetched_to_ + kBlocksAtOnce - 1);
  cli::JsonObject filter;
  filter.text("fromBlock", hex::quantity(fetched_to_)).text("toBlock", hex::quantity(last));
  filter.text("address", hex::encode_prefixed(market::kContract));
  AITBC_ASSIGN(const cli::Json logs, node.call("eth_getLogs", cli::json_array({filter.str()})));
  for (MarketEvent& event : read_events(logs))
    if (event.at >= state_.next && passes(channel_, event)) waiting_.push_back(std::move(event));
  fetched_to_ = last + 1;
  return {};
}

Outcome<void> ChannelFeed::move_to(Position next) {
  state_.next = next;
  state_.attempting = false;
  AITBC_TRY(cursor_.store(state_));
  return {};
}

void ChannelFeed::note(const MarketEvent& event, const Answer& answer) {
  const cli::LogExtras where = {{"channel", channel_.name},
                                {"event", event.name},
                                {"tx", event.transaction},
                                {"reason", answer.reason}};
  switch (answer.verdict) {
    case Verdict::delivered:
      ++state_.delivered;
      return log_.info("posted",
                       {{"channel", channel_.name}, {"event", event.name}, {"tx", event.transaction}});
    case Verdict::refused:
      ++state_.refused;
      return log_.error("the service refused a message, which is left out", where);
    case Verdict::uncertain:
      ++state_.uncertain;
      return log_.error("a message may or may not have arrived, and is not sent again", where);
    case Verdict::closed:
      return log_.error("the webhook is not accepted: check that it still exists", where);
    case Verdict::again:
      return log_.warning("not posted, trying again later", where);
  }
}

Outcome<void> ChannelFeed::deliver(const MarketEvent& event) {
  state_.next = event.at;
  state_.attempting = true;
  AITBC_TRY(cursor_.store(state_));
  const Answer answer = judge(post_(channel_, message_for(channel_, event, config_.link)));
  note(event, answer);
  if (answer.verdict == Verdict::again || answer.verdict == Verdict::closed) {
    paused_until_ms_ = steady_ms_() + pause_ms(answer, failures_++);
    return move_to(event.at);
  }
  failures_ = 0;
  return move_to({event.at.block, event.at.log + 1});
}

Outcome<void> ChannelFeed::advance(cli::NodeClient& node, Height head) {
  while (steady_ms_() >= paused_until_ms_) {
    if (waiting_.empty()) {
      if (fetched_to_ > head) return {};
      AITBC_TRY(fetch(node, head));
      // Nothing of interest up to here: a restart need not look again.
      if (waiting_.empty() && fetched_to_ > state_.next.block) {
        AITBC_TRY(move_to({fetched_to_, 0}));
      }
      continue;
    }
    AITBC_TRY(deliver(waiting_.front()));
    if (state_.next > waiting_.front().at) waiting_.pop_front();
  }
  return {};
}

}  // namespace aitbc::notify
