#include "execution/module_set.hpp"

#include <algorithm>

#include "base/check.hpp"

namespace aitbc {

ModuleSet::ModuleSet(Modules modules) : modules_(modules.begin(), modules.end()) {
  std::sort(modules_.begin(), modules_.end(),
            [](const Module* a, const Module* b) { return a->address() < b->address(); });
  const auto twin =
      std::adjacent_find(modules_.begin(), modules_.end(),
                         [](const Module* a, const Module* b) { return a->address() == b->address(); });
  AITBC_CHECK(twin == modules_.end(), "no two modules share an address");
}

const Module* ModuleSet::find(const Address& address) const {
  for (const Module* module : modules_)
    if (module->address() == address) return module;
  return nullptr;
}

CallResult ModuleSet::call(const Address& to, State& state, const CallContext& context,
                           ByteView calldata) const {
  const Module* module = find(to);
  if (module == nullptr) return {true, {}, {}, 0};
  CallResult result = module->call(state, context, calldata);
  AITBC_CHECK(result.gas_used <= context.gas_available, "a module uses no more gas than it was given");
  AITBC_CHECK(result.succeeded || result.logs.empty(), "a failed call leaves no logs");
  return result;
}

}  // namespace aitbc
