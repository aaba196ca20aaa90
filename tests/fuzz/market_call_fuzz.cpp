// Calls of the marketplace by anybody: nothing crashes it, what reverts changes nothing, and whatever was
// called, everything adds up at the end of the block.
//
// The input is a list of calls: which one and by whom (a byte each), and then the bytes that its arguments
// are made of. Each call is also read and written as JSON, and a copy of it with one byte changed is called,
// too.
#include <algorithm>
#include <string_view>

#include "base/check.hpp"
#include "codec/abi_value.hpp"
#include "execution/flat_state.hpp"
#include "execution/state_trie.hpp"
#include "marketplace/abi.hpp"
#include "marketplace/marketplace.hpp"
#include "marketplace/tables.hpp"
#include "storage/memory_store.hpp"

namespace {

using namespace aitbc;
using namespace aitbc::market;

constexpr Seconds kStart = 1'766'828'620;
constexpr std::size_t kMaxCalls = 24;

Address account(std::uint8_t number) {
  Address address;
  address.bytes[19] = static_cast<std::uint8_t>(1 + number % 4);
  return address;
}

// Hands out the input byte by byte; zeros when there are no more.
class Bytestream {
 public:
  explicit Bytestream(ByteView bytes) : rest_(bytes) {}
  bool empty() const { return rest_.empty(); }
  std::uint8_t byte() {
    if (rest_.empty()) return 0;
    const std::uint8_t first = rest_.front();
    rest_ = rest_.subspan(1);
    return first;
  }

 private:
  ByteView rest_;
};

// Mostly values that mean something: small numbers, amounts of whole AIT, times near now.
Uint256 some_integer(Bytestream& in, std::size_t bits) {
  const std::uint8_t form = in.byte();
  const std::uint64_t low = in.byte();
  if (bits <= 8) return Uint256(low);
  if (form < 0x80) return Uint256(form % 8);
  if (bits > 64 && form < 0xc0) return Amount::ait(low).to_uint256();
  if (bits <= 32) return Uint256(low << 8 | in.byte());
  if (form < 0xa0) return Uint256(kStart + low * 600);
  if (form < 0xc0) return Uint256(low * 3600);
  std::uint64_t word = low;
  for (std::size_t i = 1; i < 8; ++i) word = word << 8 | in.byte();
  return bits > 64 && form >= 0xf0 ? Amount::max().to_uint256() : Uint256(word);
}

abi::Value some_value(Bytestream& in, const abi::Type& type) {
  switch (type.kind) {
    case abi::Kind::unsigned_integer:
    case abi::Kind::signed_integer:
      return {some_integer(in, type.size)};
    case abi::Kind::boolean:
      return {in.byte() % 2 == 1};
    case abi::Kind::address:
      return {account(in.byte())};
    case abi::Kind::fixed_bytes:
      return {Bytes(type.size, in.byte())};
    case abi::Kind::bytes:
      return {Bytes(in.byte() % 40, in.byte())};
    case abi::Kind::string: {
      static constexpr std::string_view kWords[] = {"",      "m",    "RTX 4090", "eu-west", "ai-inference",
                                                    "dutch", "fixed"};
      const std::uint8_t which = in.byte();
      if (which < 0xc0) return {std::string(kWords[which % std::size(kWords)])};
      return {std::string(which, static_cast<char>(' ' + which % 64))};
    }
    case abi::Kind::array:
    case abi::Kind::fixed_array:
    case abi::Kind::tuple: {
      abi::Value::List list;
      const bool is_tuple = type.kind == abi::Kind::tuple;
      const std::size_t size = is_tuple ? type.parts.size() : in.byte() % 4;
      for (std::size_t i = 0; i < size; ++i) list.push_back(some_value(in, type.parts[is_tuple ? i : 0]));
      return {std::move(list)};
    }
  }
  return {false};
}

Bytes some_calldata(Bytestream& in, const Call& call) {
  abi::Value::List values;
  std::vector<abi::Type> types;
  for (const AbiParam& param : call.inputs) {
    types.push_back(abi::parse_type(param.canonical_type()).value());
    values.push_back(some_value(in, types.back()));
  }
  Bytes calldata = to_bytes(call.selector);
  append(calldata, abi::encode(types, values).value());
  return calldata;
}

void check_json(const Bytes& calldata) {
  const auto decoded = decode_call(calldata);
  if (!decoded) return;
  const auto again = encode_call(decoded->name, decoded->arguments_json);
  AITBC_CHECK(again.has_value(), "a call that was described can be made");
  AITBC_CHECK(*again == calldata, "a call's description means the call");
}

class Market {
 public:
  Market() : state_(*view_) {
    block_.number = 1;
    block_.timestamp = kStart;
    block_.recent_hashes = {Hash{}, Hash{}};
    block_.validators = {account(0), account(1)};
    std::sort(block_.validators.begin(), block_.validators.end());
    AITBC_CHECK(module_->genesis(state_, "{}").has_value(), "there is a genesis");
    for (std::uint8_t i = 0; i < 4; ++i)
      AITBC_CHECK(state_.add_balance(account(i), Amount::ait(1'000'000)), "there is money");
  }

  void send(const Address& from, ByteView calldata) {
    const auto checkpoint = state_.checkpoint();
    const CallContext context{block_, from, Amount(), Hash{}, 10'000'000};
    const CallResult result = module_->call(state_, context, calldata);
    for (const Log& log : result.logs) AITBC_CHECK(decode_log(log).has_value(), "a log that nobody can read");
    if (result.succeeded) return;
    AITBC_CHECK(result.logs.empty(), "a revert leaves no logs");
    AITBC_CHECK(!describe_error(result.output).empty(), "a revert says why");
    state_.rollback(checkpoint);
  }

  void pass(Seconds seconds) {
    Logs logs;
    module_->end_block(state_, block_, logs);
    ++block_.number;
    block_.timestamp += seconds;
  }

  void finish() {
    pass(0);
    StateDiff diff = std::move(state_).take_diff();
    WriteBatch batch;
    append_state_diff(batch, diff);
    AITBC_CHECK(store_->write(batch, Durability::buffered).has_value(), "memory takes it");
    const auto sound = module_->check_invariants(*make_flat_state_view(store_->snapshot()), block_.timestamp);
    AITBC_CHECK(sound.has_value(), "an invariant is broken");
  }

 private:
  std::unique_ptr<Store> store_ = make_memory_store();
  std::shared_ptr<const StateView> view_ = make_flat_state_view(store_->snapshot());
  std::unique_ptr<Module> module_ = make_marketplace();
  State state_;
  BlockContext block_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ByteView input(data, size);
  check_json(to_bytes(input));
  Market market;
  market.send(account(0), input);
  Bytestream in(input);
  for (std::size_t i = 0; i < kMaxCalls && !in.empty(); ++i) {
    const std::uint8_t which = in.byte();
    const std::uint8_t who = in.byte();
    if (which == 0xff) {
      market.pass(Seconds{who} * 600);
      continue;
    }
    const Call& call = calls()[which % calls().size()];
    Bytes calldata = some_calldata(in, call);
    check_json(calldata);
    market.send(account(who), calldata);
    if (who < 0x80) continue;
    calldata[who % calldata.size()] ^= static_cast<std::uint8_t>(1U << who % 8);
    check_json(calldata);
    market.send(account(who), calldata);
  }
  market.finish();
  return 0;
}
