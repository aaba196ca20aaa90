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
  Gas gas = 0;  // beyond intrinsic gas, whether it succeeds or reverts
  std::string_view meaning;
  std::vector<AbiParam> inputs;
  std::vector<AbiParam> outputs;
  Handler handler = nullptr;
  std::string signature;
  abi::Selector selector;

  bool is_view() const { return type.empty(); }
};

// In the order of the reference page.
std::span<const Call> calls();
// nullptr when no call has it.
const Call* find_call(const abi::Selector& selector);
const Call* find_call(std::string_view name);

}  // namespace aitbc::market
