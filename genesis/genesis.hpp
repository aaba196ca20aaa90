// The genesis file: the rules of a chain and its first state, in the manner of Besu's genesis JSON, and the
// first block made from it. docs/genesis.md describes the file key by key.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "execution/state_diff.hpp"
#include "execution/transition.hpp"
#include "storage/store.hpp"
#include "types/header.hpp"

namespace aitbc::genesis {

// config.qbft
struct QbftConfig {
  std::uint64_t block_period_ms = 1000;
  std::uint64_t empty_block_period_seconds = 60;
  std::uint64_t request_timeout_seconds = 4;  // of round 0
  std::uint64_t epoch_length = 30'000;        // blocks
  bool operator==(const QbftConfig&) const = default;
};

struct AllocEntry {
  Amount balance;
  Nonce nonce = 0;
  std::string comment;  // for readers of the file only
  bool operator==(const AllocEntry&) const = default;
};

struct Genesis {
  ChainRules rules;
  QbftConfig qbft;
  Seconds timestamp = 0;
  Gas gas_limit = 0;
  Amount base_fee;  // of the genesis block
  Address coinbase;
  Bytes extra_data;  // QBFT's, with the first validators
  std::map<Address, AllocEntry> alloc;
  std::string marketplace = "{}";  // text of a JSON object, handed to the modules
};

// Reads a genesis file. Strict: a key that is unknown, missing or there twice, and a value of the wrong type
// or out of range are refused with the path of the key in the message. Does not ask for validators.
Result<Genesis> parse_genesis(std::string_view json);
// The file's text again: parse_genesis(render_genesis(g)) gives g. Ends in a newline.
std::string render_genesis(const Genesis& genesis);

// What a chain needs beyond well-formed text: extra data that decodes to an ascending, non-empty validator
// set; a supply that fits 128 bits.
Result<void> validate(const Genesis& genesis);

// The first block and state.
struct GenesisBlock {
  Header header;
  Hash hash;
  StateDiff diff;    // with storage roots
  WriteBatch batch;  // flat state and trie nodes
};
// Runs the modules' genesis and works out the state root. The state also records a digest of the rules and of
// the supply (execution/chain_record.hpp), so that the block's hash differs whenever anything that decides
// the validity of a block does.
Result<GenesisBlock> build_genesis(const Genesis& genesis, Modules modules);

// QBFT extra data of a genesis block: 32 zero bytes of vanity, these validators ascending, no vote, round 0,
// no seals.
Bytes encode_extra_data(std::span<const Address> validators);
// The validators in extra data of that form; fails on any other (a vote, a round, seals, an order that is not
// strictly ascending).
Result<std::vector<Address>> decode_validators(ByteView extra_data);
// The same chain with these validators, in any order.
Genesis with_validators(Genesis genesis, std::span<const Address> validators);

// Files built into the program.
std::string_view devnet_json();

}  // namespace aitbc::genesis
