// The Solidity ABI types of C++ types, by name: for signatures, the ABI's documents and encoders that work
// from a description. Few files need them; abi_form.hpp writes and reads the values.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/amount.hpp"
#include "marketplace/fields.hpp"

namespace aitbc::market {

// A parameter as the ABI JSON has it.
struct AbiParam {
  std::string name;
  std::string type;         // "uint64", "tuple", "tuple[]", ...
  std::string struct_name;  // of a tuple: its Solidity name
  std::vector<AbiParam> components;
  bool indexed = false;
  std::vector<std::string> enum_names;  // of an enumeration, by value
  std::optional<Kind> id_kind;          // of an id

  // As in signatures: "(uint64,string)[]".
  std::string canonical_type() const;
};
// "name(type,type)"
std::string canonical_signature(std::string_view name, const std::vector<AbiParam>& params);

template <class T>
AbiParam describe_abi(std::string_view name) {
  AbiParam out;
  out.name = name;
  if constexpr (std::same_as<T, bool>) {
    out.type = "bool";
  } else if constexpr (UnsignedField<T>) {
    out.type = "uint" + std::to_string(sizeof(T) * 8);
  } else if constexpr (IdField<T>) {
    out.type = "uint64";
    out.id_kind = T::kKind;
  } else if constexpr (std::is_enum_v<T>) {
    out.type = "uint8";
    for (const std::string_view each : enum_names(T{})) out.enum_names.emplace_back(each);
  } else if constexpr (std::same_as<T, Amount>) {
    out.type = "uint256";
  } else if constexpr (std::same_as<T, Address>) {
    out.type = "address";
  } else if constexpr (std::same_as<T, std::string>) {
    out.type = "string";
  } else if constexpr (std::same_as<T, Bytes>) {
    out.type = "bytes";
  } else if constexpr (ListField<T>) {
    out = describe_abi<typename T::value_type>(name);
    out.type += "[]";
  } else if constexpr (Record<T>) {
    out.type = "tuple";
    out.struct_name = T::kName;
    T::kFields.apply([&](const auto&... each) {
      (out.components.push_back(describe_abi<typename std::remove_cvref_t<decltype(each)>::Type>(each.name)),
       ...);
    });
  } else {
    out.type = "bytes" + std::to_string(T::kSize);
  }
  return out;
}

// "gpuId,start" -> {"gpuId", "start"}
std::vector<std::string> split_names(std::string_view names);

template <class... Args>
std::vector<AbiParam> describe_args(std::string_view arg_names) {
  std::vector<std::string> names = split_names(arg_names);
  std::size_t next = 0;
  return {describe_abi<Args>(names.at(next++))...};
}

}  // namespace aitbc::market
