// A read-only state: accounts, and per account an ordered key-value storage used by the module that lives
// there.
#pragma once

#include <optional>
#include <span>

#include "base/result.hpp"
#include "execution/account.hpp"
#include "storage/store.hpp"

namespace aitbc {

// Implementations are immutable and thread-safe unless they say otherwise. Errors are local failures only.
class StateView {
 public:
  virtual ~StateView() = default;
  virtual Result<std::optional<Account>> account(const Address& address) const = 0;
  virtual Result<std::optional<Bytes>> storage(const Address& address, ByteView key) const = 0;
  // The entry of `address` with the smallest key >= `from`; nullopt when there is none.
  virtual Result<std::optional<KeyValue>> storage_lower_bound(const Address& address,
                                                              ByteView from) const = 0;
  // These keys will be read soon: who keeps entries in memory may have them fetched meanwhile, all at the
  // same time. Changes no answer.
  virtual void prefetch(const Address& /*address*/, std::span<const ByteView> /*keys*/) const {}
};

// The state without any account.
class EmptyStateView final : public StateView {
 public:
  Result<std::optional<Account>> account(const Address&) const override { return std::nullopt; }
  Result<std::optional<Bytes>> storage(const Address&, ByteView) const override { return std::nullopt; }
  Result<std::optional<KeyValue>> storage_lower_bound(const Address&, ByteView) const override {
    return std::nullopt;
  }
};

}  // namespace aitbc
