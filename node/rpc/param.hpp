// How a JSON value becomes a typed argument. A type is usable as a parameter when ParamTraits is specialised
// for it: parse() says what is wrong in go-ethereum's words, `schema` is its JSON schema. std::optional<T>
// makes a parameter optional; null counts as absent.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "base/uint256.hpp"
#include "node/json/json_value.hpp"

namespace aitbc::rpc {

template <class T>
struct ParamTraits;

// A quantity that may also come as a JSON number or in decimal, as eth_feeHistory's block count does.
struct LooseCount {
  std::uint64_t value = 0;
};
// A storage slot: up to 32 bytes of hexadecimal, leading zeros left out or not.
struct StorageSlot {
  Hash slot;
  bool full_length = false;  // all 32 bytes were given
};

// "0x" and an even number of digits.
Result<Bytes> parse_data(Json json);
// "0x" and digits without leading zeros.
Result<std::uint64_t> parse_quantity(Json json);
Result<Uint256> parse_big_quantity(Json json);
Result<Address> parse_address(Json json);
Result<Hash> parse_hash(Json json);
Result<StorageSlot> parse_storage_slot(Json json);
Result<LooseCount> parse_loose_count(Json json);
Result<bool> parse_boolean(Json json);
Result<std::string> parse_string(Json json);
Result<double> parse_number(Json json);

#define AITBC_RPC_PARAM(type, parser, schema_text)                \
  template <>                                                     \
  struct ParamTraits<type> {                                      \
    static constexpr std::string_view schema = schema_text;       \
    static Result<type> parse(Json json) { return parser(json); } \
  }
AITBC_RPC_PARAM(Bytes, parse_data, R"({"$ref":"#/components/schemas/Data"})");
AITBC_RPC_PARAM(std::uint64_t, parse_quantity, R"({"$ref":"#/components/schemas/Quantity"})");
AITBC_RPC_PARAM(Address, parse_address, R"({"$ref":"#/components/schemas/Address"})");
AITBC_RPC_PARAM(Hash, parse_hash, R"({"$ref":"#/components/schemas/Hash"})");
AITBC_RPC_PARAM(StorageSlot, parse_storage_slot, R"({"$ref":"#/components/schemas/StorageSlot"})");
AITBC_RPC_PARAM(LooseCount, parse_loose_count, R"({"$ref":"#/components/schemas/Count"})");
AITBC_RPC_PARAM(bool, parse_boolean, R"({"type":"boolean"})");
AITBC_RPC_PARAM(std::string, parse_string, R"({"type":"string"})");
AITBC_RPC_PARAM(double, parse_number, R"({"type":"number"})");

template <class T>
struct ParamTraits<std::vector<T>> {
  static constexpr std::string_view schema = R"({"type":"array"})";
  static Result<std::vector<T>> parse(Json json) {
    if (!json.is_array()) return fail(ErrorCode::invalid_input, "an array is expected");
    std::vector<T> out;
    for (std::size_t i = 0; i < json.size(); ++i) {
      auto element = ParamTraits<T>::parse(json[i]);
      if (!element) return fail(std::move(element).error());
      out.push_back(std::move(*element));
    }
    return out;
  }
};

}  // namespace aitbc::rpc
