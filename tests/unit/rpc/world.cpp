#include "tests/unit/rpc/world.hpp"

#include <algorithm>

#include "codec/abi.hpp"
#include "codec/hex.hpp"

namespace aitbc::rpc::test {
namespace {

using aitbc::test::TestModule;

const Bytes kKey = to_bytes(as_bytes("key"));
const Bytes kReminderKey = to_bytes(as_bytes("reminder"));

CallResult answer(State& state, const CallContext& context, ByteView calldata) {
  const Address here = contract_address();
  const ByteView rest = calldata.empty() ? calldata : calldata.subspan(1);
  switch (calldata.empty() ? 0 : calldata[0]) {
    case kStore: {
      state.put(here, kKey, to_bytes(rest));
      Log log = aitbc::test::log_of(here, "stored");
      log.data = to_bytes(rest);
      return {true, {}, {log}, 5000};
    }
    case kRevert:
      return {false, abi::encode_error_string("no luck"), {}, 1000};
    case kRevertCustom:
      return {false, to_bytes(rest), {}, 1000};
    case kReturn:
      return {true, to_bytes(rest), {}, 100};
    case kWantsGas:
      return {context.gas_available >= 100'000, {}, {}, 100};
    case kTimestamp: {
      Bytes output;
      append(output, abi::to_word(context.block.timestamp));
      append(output, abi::to_word(context.block.number));
      return {true, output, {}, 100};
    }
    case kRemind: {
      state.put(here, kReminderKey, to_bytes(rest));
      return {true, {}, {}, 100};
    }
    case kHeartbeat: {
      const std::vector<Hash>& recent = context.block.recent_hashes;
      const bool known = std::any_of(recent.begin(), recent.end(),
                                     [&](const Hash& each) { return std::ranges::equal(each.bytes, rest); });
      return {known, {}, {}, 100};
    }
    case kValidators: {
      Bytes output;
      for (const Address& each : context.block.validators) append(output, each);
      return {true, output, {}, 100};
    }
    default:
      return {true, {}, {}, 0};
  }
}

std::unique_ptr<TestModule> make_contract() {
  auto contract = std::make_unique<TestModule>(contract_address());
  contract->on_call = answer;
  contract->on_end_block = [](State& state, const BlockContext&, Logs& logs) {
    if (state.get(contract_address(), kReminderKey) == nullptr) return;
    state.erase(contract_address(), kReminderKey);
    logs.push_back(aitbc::test::log_of(contract_address(), "reminder"));
  };
  return contract;
}

template <class T>
T opened(Result<T> result) {
  REQUIRE_MESSAGE(result.has_value(), (result ? "" : result.error().message));
  return std::move(*result);
}

// Transactions before EIP-1559 name one price.
Uint256 tip_of(const TransactionFields& fields) {
  return fields.type == TransactionType::dynamic_fee ? fields.tip : fields.max_fee;
}

}  // namespace

Address contract_address() {
  Address out;
  out.bytes[18] = 0x17;
  out.bytes[19] = 0xbc;
  return out;
}

World::World(JsonRpcOptions options)
    : store_(make_memory_store()),
      contract_(make_contract()),
      modules_{contract_.get()},
      genesis_(chain::test::small_genesis()),
      chain_(opened(chain::Chain::open(*store_, genesis_, modules_, {}))),
      pool_(opened(Mempool::open(*store_, chain_->rules(), {}, chain_->mempool_head(), genesis_.timestamp))),
      fees_(Amount(1'000'000'000)),
      now(genesis_.timestamp),
      backend{
          .chain = *chain_, .mempool = *pool_, .client_version = "test/v1", .now = [this] { return now; }},
      rpc_(registry, std::move(options)) {
  filters_ = std::make_unique<Filters>(backend);
  subscriptions_ = std::make_unique<Subscriptions>([](const std::function<void()>& task) { task(); }, 3);
  register_all(registry, backend, {fees_, *filters_, *subscriptions_});
  chain_->on_head([this](const chain::HeadEvent& event) { subscriptions_->on_head(event); });
  pool_->on_admitted([this](std::span<const TransactionPtr> transactions) {
    filters_->on_admitted(transactions);
    subscriptions_->on_admitted(transactions);
  });
}

TransactionPtr World::sign(const TransactionFields& fields) const {
  Transaction transaction;
  transaction.type = fields.type;
  transaction.chain_id = genesis_.rules.chain_id;
  transaction.nonce = fields.nonce;
  transaction.max_priority_fee_per_gas = tip_of(fields);
  transaction.max_fee_per_gas = fields.max_fee;
  transaction.gas_limit = fields.gas_limit;
  transaction.to = fields.to;
  transaction.value = fields.value;
  transaction.data = fields.data;
  transaction.access_list = fields.access_list;
  sign_transaction(transaction, key_of(fields.from));
  return opened(recover_transaction(encode(transaction)));
}

Block World::commit(std::span<const TransactionPtr> transactions) {
  const Header head = chain_->view()->head;
  now = head.timestamp + 1;
  const auto block =
      opened(chain_->build({head.number + 1, now, key_of(200).address(), extra_data_}, transactions));
  REQUIRE(block.transactions.size() == transactions.size());
  REQUIRE(chain_->commit(block, as_bytes("proof")).has_value());
  std::vector<AccountChange> changes;
  for (const TransactionPtr& transaction : block.transactions) {
    const auto account = opened(chain_->view()->state->account(transaction->sender));
    changes.push_back({transaction->sender, std::nullopt, account});
  }
  REQUIRE(pool_->committed({chain_->mempool_head(), block.transactions, changes}, now).has_value());
  return block;
}

json::value World::respond(std::string_view method, std::string_view params, const Subscriber& subscriber) {
  std::string request = R"({"jsonrpc":"2.0","id":1,"method":")";
  request.append(method).append(R"(","params":)").append(params).append("}");
  return json::parse(rpc_.handle(request, subscriber));
}

json::value World::ask(std::string_view method, std::string_view params, const Subscriber& subscriber) {
  const json::value response = respond(method, params, subscriber);
  const json::value* result = response.as_object().if_contains("result");
  REQUIRE_MESSAGE(result != nullptr, json::serialize(response));
  return *result;
}

std::string World::error(std::string_view method, std::string_view params, const Subscriber& subscriber) {
  const json::value response = respond(method, params, subscriber);
  const json::value* error = response.as_object().if_contains("error");
  REQUIRE_MESSAGE(error != nullptr, json::serialize(response));
  return std::to_string(error->at("code").as_int64()) + " " + std::string(error->at("message").as_string());
}

std::string quoted(ByteView bytes) { return '"' + hex::encode_prefixed(bytes) + '"'; }
std::string hex_of(std::uint64_t value) { return hex::quantity(value); }
std::set<std::string> keys_of(const json::value& object) {
  std::set<std::string> out;
  for (const auto& member : object.as_object()) out.insert(std::string(member.key()));
  return out;
}
std::string_view text(const json::value& value) {
  return {value.as_string().data(), value.as_string().size()};
}

}  // namespace aitbc::rpc::test
