// The contract's ABI for those who talk to it: wallets, the RPC and REST surfaces, tools. All of it follows
// from the call table, the errors and the events. Thread-safe.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "marketplace/abi_describe.hpp"
#include "marketplace/call_table.hpp"
#include "marketplace/contract.hpp"
#include "types/receipt.hpp"

namespace aitbc::market {

struct ErrorEntry {
  std::string_view name;
  std::string_view meaning;
  std::vector<AbiParam> inputs;
  std::string signature;
  abi::Selector selector;
};
struct EventEntry {
  std::string_view name;
  std::string_view meaning;
  std::vector<AbiParam> inputs;
  std::string signature;
  Hash topic;
};
// Calls are calls().
std::span<const ErrorEntry> errors();
std::span<const EventEntry> events();

// ---- JSON in and out. In: ids as "gpu_12", 12 or null (none), other integers as numbers or decimal strings
// (amounts: base units), bytes as 0x hex. Out: as json_form.hpp has it. Calldata from arguments by name
// ({"gpuId":"gpu_1",...}) or in order ([...]). Names what does not fit.
Result<Bytes> encode_call(std::string_view name, std::string_view arguments_json);
struct Decoded {
  std::string name;  // of the call, event or error
  std::string type;  // of the transaction: "REGISTER_GPU", "VIEW" for views; empty for events and errors
  std::string arguments_json;
};
Result<Decoded> decode_call(ByteView calldata);
// What a call returned: the JSON of its result, "null" when it has none.
Result<std::string> decode_result(std::string_view name, ByteView output);
// not_found when it is no event of the contract.
Result<Decoded> decode_log(const Log& log);
// not_found when it is no error of the contract.
Result<Decoded> decode_error(ByteView revert_data);
// For people: GpuNotFound(gpuId: gpu_7). Empty when it is no error of the contract.
std::string describe_error(ByteView revert_data);

// ---- generated documents
std::string abi_json();
std::string solidity_interface();

}  // namespace aitbc::market
