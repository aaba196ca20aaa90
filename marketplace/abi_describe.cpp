#include "marketplace/abi_describe.hpp"

#include <algorithm>

namespace aitbc::market {
namespace {

std::string join_types(const std::vector<AbiParam>& params) {
  std::string out = "(";
  for (const AbiParam& param : params) {
    if (out.size() > 1) out += ',';
    out += param.canonical_type();
  }
  return out + ')';
}

}  // namespace

std::string AbiParam::canonical_type() const {
  if (!type.starts_with("tuple")) return type;
  return join_types(components) + type.substr(5);
}

std::string canonical_signature(std::string_view name, const std::vector<AbiParam>& params) {
  return std::string(name) + join_types(params);
}

std::vector<std::string> split_names(std::string_view names) {
  std::vector<std::string> out;
  while (!names.empty()) {
    const std::size_t comma = std::min(names.find(','), names.size());
    out.emplace_back(names.substr(0, comma));
    names.remove_prefix(std::min(comma + 1, names.size()));
  }
  return out;
}

}  // namespace aitbc::market
