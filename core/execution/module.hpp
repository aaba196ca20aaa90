// A native contract: code of the node that lives at an address and is called like a contract.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/amount.hpp"
#include "base/result.hpp"
#include "execution/state.hpp"
#include "types/receipt.hpp"

namespace aitbc {

struct BlockContext {
  Height number = 0;
  Seconds timestamp = 0;
  Address coinbase;
  Gas gas_limit = 0;
  Amount base_fee;
  std::uint64_t chain_id = 0;
  // Hashes of the blocks before this one, the parent's first, at most 256.
  std::vector<Hash> recent_hashes;
  // Who seals this block, as its own header says; ascending. In a simulated next block the head's.
  std::vector<Address> validators;
};

struct CallContext {
  const BlockContext& block;
  Address caller;
  Amount value;           // already moved to the module's account
  Hash transaction_hash;  // zero in eth_call
  Gas gas_available = 0;  // after intrinsic gas
};

struct CallResult {
  bool succeeded = false;
  Bytes output;      // return data, or ABI-encoded revert data
  Logs logs;         // empty unless succeeded
  Gas gas_used = 0;  // beyond intrinsic gas; at most gas_available
};

// Stateless: everything it knows is in the State. Deterministic: no clocks, floats, randomness or unordered
// iteration.
class Module {
 public:
  virtual ~Module() = default;
  virtual Address address() const = 0;
  // What eth_getCode answers; not empty.
  virtual ByteView code() const = 0;
  // May leave changes in `state` when it fails: the caller rolls back.
  virtual CallResult call(State& state, const CallContext& context, ByteView calldata) const = 0;
  // Work that needs no transaction, after the block's last one; bounded by a genesis parameter.
  virtual void end_block(State& state, const BlockContext& block, Logs& logs) const = 0;
  // The earliest time at which end_block has work to do; nullopt when none is scheduled.
  virtual std::optional<Seconds> next_deadline(const StateView& state) const = 0;
  // Writes the first state from the module's section of the genesis file (JSON text, "{}" when there is
  // none).
  virtual Result<void> genesis(State& state, std::string_view parameters) const = 0;
  // Recounts what must hold; an Error names the first broken invariant. Walks the whole storage.
  virtual Result<void> check_invariants(const StateView& state, Seconds now) const = 0;
};

using Modules = std::span<const Module* const>;

}  // namespace aitbc
