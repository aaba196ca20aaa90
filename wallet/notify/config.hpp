// Where notifications go: docs/notifications.md describes every setting.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/amount.hpp"
#include "base/bytes.hpp"
#include "base/result.hpp"
#include "wallet/web/url.hpp"

namespace aitbc::notify {

enum class ChannelType { slack, discord };

struct Channel {
  std::string name;
  ChannelType type = ChannelType::slack;
  web::Url url;  // its path is a secret
  // Filters: an event passes when it passes each that is given.
  std::vector<std::string> events;   // names; empty: all but the chatter of heartbeats
  std::vector<Address> addresses;    // one of them takes part
  std::vector<std::string> records;  // "gpu_1", "auc_2": one of them is named
  std::optional<Amount> min_amount;  // the largest amount of the event
};

struct NotifyConfig {
  std::filesystem::path state_folder;
  std::optional<std::uint64_t> from_block;  // of a channel's first start; absent: what comes from then on
  std::uint64_t poll_ms = 2'000;
  std::string link;  // "https://explorer.example/tx/{tx}"; empty: no button
  std::string ca_file;
  std::vector<Channel> channels;
};

using Variables = std::function<std::optional<std::string>(const std::string& name)>;

// Webhook addresses may be in the file, in a file of their own, or in the environment. Fails (invalid_input)
// with file, line and setting; the address itself is never in a message.
Result<NotifyConfig> read_config(const std::filesystem::path& file, const Variables& variables);

}  // namespace aitbc::notify
