// The calls of the contract. Each is described once, here: dispatch, the ABI JSON, the Solidity interface,
// the reference page and the encoders of wallets are made from this table.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "marketplace/abi_describe.hpp"
#include "marketplace/errors.hpp"

namespace aitbc::market {

struct Context;

struct Call {
  using Handler = Outcome<Bytes> (*)(Context&, ByteView arguments);

  std::string_view name;
  // Of the transaction, as market_getTransaction names it: "REGISTER_GPU". Empty for views.
  std::string_view type;
  // Beyond intrinsic gas, whether the call succeeds or reverts: `gas`, and `gas_per_item` for each element of
  // the last argument, which is a list then.
  Gas gas = 0;
  Gas gas_per_item = 0;
  std::string_view meaning;
  std::vector<AbiParam> inputs;
  std::vector<AbiParam> outputs;
  std::size_t last_word = 0;  // of the arguments' head: the last argument's
  Handler handler = nullptr;
  std::string signature;
  abi::Selector selector;

  bool is_view() const { return type.empty(); }
  // The gas of a call with these arguments, which may be malformed.
  Gas gas_for(ByteView arguments) const;
};

// In the order of the reference page.
std::span<const Call> calls();
// nullptr when no call has it.
const Call* find_call(const abi::Selector& selector);
const Call* find_call(std::string_view name);

}  // namespace aitbc::market
