// Events as the webhooks take them: Slack's incoming webhooks (text and Block Kit) and Discord's (embeds).
#pragma once

#include <string>

#include "wallet/notify/market_event.hpp"

namespace aitbc::notify {

// JSON bodies. `link` has {tx} in the place of the transaction's hash, or is empty. Text that users of the
// market chose cannot mention anybody or format anything, and is cut to the services' limits.
std::string slack_message(const MarketEvent& event, const std::string& link);
std::string discord_message(const MarketEvent& event, const std::string& link);
std::string message_for(const Channel& channel, const MarketEvent& event, const std::string& link);

}  // namespace aitbc::notify
