// What a validator remembers over a restart: where it was, what it signed there, and the block it is locked
// on. Written before any message leaves, and replaced each time.
#pragma once

#include <optional>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "consensus/qbft/messages.hpp"

namespace aitbc::qbft {

// A block that a quorum prepared: what this validator must bring into every later round of the height.
struct Lock {
  Prepared prepared;
  BlockPtr block;
  std::vector<Prepare> prepares;
};

// The digests that were signed in one round. A validator signs at most one for each.
struct SignedDigests {
  std::optional<Hash> proposal;
  std::optional<Hash> prepare;
  std::optional<Hash> commit;
  bool operator==(const SignedDigests&) const = default;
  bool empty() const { return !proposal && !prepare && !commit; }
};

// The round change of `round` needs no field: it is there when round > 0, and what it said follows from the
// lock.
struct WalRecord {
  Height height = 0;
  Round round = 0;  // nothing was signed at this height in a later one
  SignedDigests sent;
  std::optional<Lock> lock;
};

Bytes encode(const WalRecord& record);
// corruption when it is not what encode() made.
Result<WalRecord> decode_wal_record(ByteView encoded);

}  // namespace aitbc::qbft
