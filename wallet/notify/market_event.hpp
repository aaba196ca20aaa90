// The marketplace's events as notifications see them.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <vector>

#include "base/amount.hpp"
#include "wallet/cli/json.hpp"
#include "wallet/notify/config.hpp"

namespace aitbc::notify {

// A place in the chain's stream of logs; blocks are final, so a place means the same for ever.
struct Position {
  std::uint64_t block = 0;
  std::uint64_t log = 0;  // index within the block
  auto operator<=>(const Position&) const = default;
};

struct MarketEvent {
  Position at;
  std::string transaction;  // hash, 0x...
  std::string name;         // "BookingCreated"
  std::string headline;     // "A GPU was booked"
  std::string subject;      // the record it is about: "bk_7"; empty when it is about none
  struct Field {
    std::string argument;  // "pricePerHour"
    std::string title;     // "Price per hour"
    std::string value;     // as people read it, amounts in AIT
  };
  std::vector<Field> fields;
  std::vector<Address> addresses;
  std::vector<std::string> records;
  Amount largest;

  // The value of an argument's field; "" when there is none.
  std::string shown(std::string_view argument) const;
};

// Those of the logs that are events of the marketplace, in order. `logs` is what eth_getLogs gives.
std::vector<MarketEvent> read_events(const cli::Json& logs);

bool passes(const Channel& channel, const MarketEvent& event);

}  // namespace aitbc::notify
