// How far a channel has come, on disk, so that nothing is posted twice and nothing is left out.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "wallet/notify/market_event.hpp"

namespace aitbc::notify {

struct ChannelState {
  std::uint64_t chain_id = 0;
  Hash genesis;   // block 0's hash: the cursor is of that chain
  Position next;  // the first log that has not been decided on
  // Set and durable before the event at `next` is posted, cleared with the outcome: found set at a start, it
  // says that the event may or may not have arrived.
  bool attempting = false;
  std::uint64_t delivered = 0;
  std::uint64_t refused = 0;    // by the service: they will not be tried again
  std::uint64_t uncertain = 0;  // no answer came; never tried again, since they may have arrived
};

// One file per channel; each change is durable before the function returns. Not thread-safe.
class Cursor {
 public:
  Cursor(const std::filesystem::path& state_folder, const std::string& channel);

  // nullopt at the first start. Fails (corruption) when the file is damaged, (io) when it cannot be read.
  Result<std::optional<ChannelState>> load() const;
  Result<void> store(const ChannelState& state) const;

 private:
  std::filesystem::path path_;
};

}  // namespace aitbc::notify
