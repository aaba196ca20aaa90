#include "node/rpc/registry.hpp"

namespace aitbc::rpc {

RpcError invalid_argument(std::size_t index, const Error& error) {
  return {kInvalidParams, "invalid argument " + std::to_string(index) + ": " + error.message, {}};
}

void Registry::add(Method method) {
  AITBC_CHECK(method.info.params.size() <= kMaxParams, "too many parameters");
  std::string name = method.info.name;
  const bool is_new = methods_.emplace(std::move(name), std::move(method)).second;
  AITBC_CHECK(is_new, "a method registered twice");
}

const Method* Registry::find(std::string_view name) const {
  const auto found = methods_.find(name);
  return found == methods_.end() ? nullptr : &found->second;
}

}  // namespace aitbc::rpc
