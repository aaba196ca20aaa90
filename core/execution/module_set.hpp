// The modules of a chain, by address.
#pragma once

#include <vector>

#include "execution/module.hpp"

namespace aitbc {

class ModuleSet {
 public:
  // Precondition, checked: no two modules share an address.
  explicit ModuleSet(Modules modules);

  // The order in which modules do their genesis and end-of-block work.
  const std::vector<const Module*>& ascending() const { return modules_; }
  const Module* find(const Address& address) const;  // null when no module lives there
  // Calls the module at `to`. An account without one takes any call and does nothing.
  CallResult call(const Address& to, State& state, const CallContext& context, ByteView calldata) const;

 private:
  std::vector<const Module*> modules_;
};

}  // namespace aitbc
