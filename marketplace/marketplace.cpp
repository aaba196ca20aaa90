#include "marketplace/marketplace.hpp"

#include "crypto/keccak.hpp"
#include "marketplace/call_table.hpp"
#include "marketplace/context.hpp"
#include "marketplace/end_block.hpp"
#include "marketplace/invariants.hpp"

namespace aitbc {
namespace {

using namespace market;  // NOLINT(google-build-using-namespace): this file is the edge of that namespace

// INVALID: the usual one-byte code of native contracts.
constexpr std::uint8_t kCode[] = {0xfe};

Outcome<Bytes> dispatch(State& state, const CallContext& context, const Call* call, ByteView calldata,
                        Logs& logs) {
  if (!context.value.is_zero()) return revert<"NotPayable">();
  if (call == nullptr) {
    abi::Selector selector;
    std::copy_n(calldata.begin(), std::min(calldata.size(), abi::Selector::kSize), selector.bytes.begin());
    return revert<"UnknownCall">(selector);
  }
  Context c(state, context.block, context.caller, logs);
  auto outcome = call->handler(c, calldata.subspan(abi::Selector::kSize));
  if (outcome && !call->is_view()) c.finish();
  return outcome;
}

class Marketplace final : public Module {
 public:
  Address address() const override { return kContract; }
  ByteView code() const override { return kCode; }

  CallResult call(State& state, const CallContext& context, ByteView calldata) const override {
    const Call* call = calldata.size() < abi::Selector::kSize
                           ? nullptr
                           : find_call(abi::Selector::from(calldata.first(abi::Selector::kSize)));
    CallResult out;
    out.gas_used = call == nullptr ? 0 : call->gas_for(calldata.subspan(abi::Selector::kSize));
    if (out.gas_used > context.gas_available) {  // out of gas: all of it is gone, as in the EVM
      out.gas_used = context.gas_available;
      return out;
    }
    try {
      auto outcome = dispatch(state, context, call, calldata, out.logs);
      out.succeeded = outcome.has_value();
      out.output = outcome ? *std::move(outcome) : std::move(outcome).error().data;
    } catch (const StateUnavailable&) {
      out.succeeded = false;
      out.output.clear();
    }
    if (!out.succeeded) out.logs.clear();
    return out;
  }

  void end_block(State& state, const BlockContext& block, Logs& logs) const override {
    try {
      close_due(state, block, logs);
    } catch (const StateUnavailable&) {
      logs.clear();
    }
  }

  std::optional<Seconds> next_deadline(const StateView& state) const override {
    return earliest_deadline(state);
  }

  Result<void> genesis(State& state, std::string_view parameters) const override {
    AITBC_ASSIGN(const GenesisSection section, parse_genesis(parameters));
    if (!state.balance(kContract).is_zero())
      return fail(
          ErrorCode::invalid_input,
          "the marketplace contract must start without a balance: it only holds what its records hold");
    state.set_code_hash(kContract, keccak256(kCode));
    state.put(kContract, Key('P'), encode_record(section.params));
    state.put(kContract, Key('R'), encode_record(section.roles));
    state.put(kContract, Key('T'), encode_record(Totals{}));
    return {};
  }

  Result<void> check_invariants(const StateView& state, Seconds now) const override {
    return recount(state, now);
  }
};

}  // namespace

std::unique_ptr<Module> make_marketplace() { return std::make_unique<Marketplace>(); }

}  // namespace aitbc
