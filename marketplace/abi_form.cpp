#include "marketplace/abi_form.hpp"

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

}  // namespace aitbc::market
