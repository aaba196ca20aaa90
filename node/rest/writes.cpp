#include "node/rest/writes.hpp"

#include <algorithm>

#include "codec/hex.hpp"
#include "http/access.hpp"
#include "marketplace/tables.hpp"
#include "node/chain/block_store.hpp"

namespace aitbc::rest {
namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr std::string_view kKeyHeader = "X-Api-Key";

// The first id among a record's or event's members.
std::string resource_of(Json source) {
  for (std::size_t i = 0; i < source.size(); ++i) {
    const auto [name, value] = source.member(i);
    if (value.is_string() && (name == "id" || name.ends_with("Id"))) return std::string(value.string());
    if (value.is_object())
      if (std::string inner = resource_of(value); !inner.empty()) return inner;
  }
  return {};
}

http::Response answer_done(const Operation& operation, const Done& done, const Answer& source) {
  http::Response response;
  response.status = operation.success;
  JsonWriter out(response.body);
  out.begin_object();
  write_fields(out, *operation.shape, source.json());
  out.key("tx_hash").data(done.transaction).key("block_number").number(done.height).end_object();
  return response;
}

http::Response answer_pending(const Hash& transaction) {
  http::Response response;
  response.status = 202;
  JsonWriter(response.body)
      .begin_object()
      .key("tx_hash")
      .data(transaction)
      .key("status")
      .text("pending")
      .end_object();
  return response;
}

// Without knowing who calls it is not known what the call would do, but what it costs at most.
Gas gas_at_most(const Bytes& data) {
  Transaction transaction;
  transaction.to = market::kContract;
  transaction.data = data;
  const market::Call* call =
      data.size() < 4 ? nullptr : market::find_call(abi::Selector{data[0], data[1], data[2], data[3]});
  return intrinsic_gas(transaction).value_or(0) +
         (call == nullptr ? 0 : call->gas_for(ByteView(data).subspan(4)));
}

// An absent body reads as null.
RestResult<Json> parse_body(const http::Request& request, JsonDocument& document) {
  if (request.body.empty()) return Json();
  if (!http::is_json_content_type(request.field("Content-Type")))
    return refuse(415, "the body must be application/json");
  const auto parsed = document.parse(request.body);
  if (!parsed) return refuse(422, "the body is not JSON: " + parsed.error().message);
  return *parsed;
}

}  // namespace

// What a write needs until it is answered.
struct Writes::Write {
  const Operation* operation = nullptr;
  Finish finish;
  http::Respond respond;
  SteadyClock::time_point begun = SteadyClock::now();
  WriteOutcome outcome;
};

Writes::Writes(const RestBackend& backend, const RestOptions& options, const RestListeners& listeners,
               http::Server& server)
    : backend_(backend),
      options_(options),
      listeners_(listeners),
      server_(server),
      callers_(options),
      submitter_(backend) {}

void Writes::begin(RestResult<Registry::Match> route, const http::Request& request, http::Respond respond) {
  auto write = std::make_shared<Write>();
  write->respond = std::move(respond);
  if (auto begun = try_begin(std::move(route), request, write); !begun)
    end(*write, render(begun.error()), begun.error().detail);
}

RestResult<void> Writes::try_begin(RestResult<Registry::Match> route, const http::Request& request,
                                   const WritePtr& write) {
  REST_ASSIGN(const Registry::Match match, std::move(route));
  write->operation = match.operation;
  write->outcome.action = match.operation->id;
  if (!match.values.empty()) write->outcome.resource = match.values.front();
  REST_ASSIGN(const QueryPairs pairs, parse_query(request.query));
  JsonDocument document;
  REST_ASSIGN(const Json body, parse_body(request, document));
  Inputs inputs{match.values, pairs, body, {}};
  const Json signed_transaction = body.find("signed_transaction");
  if (!signed_transaction.is_null()) return send_signed(inputs, signed_transaction, write);

  std::optional<ApiKeyRing::Caller> caller;
  if (const std::string_view key = request.field(kKeyHeader); !key.empty()) {
    REST_ASSIGN(caller, callers_.authenticate(key, request.peer, backend_.now()));
    write->outcome.user = caller->name;
    inputs.caller = caller->wallet.address();
  } else {
    REST_ASSIGN(inputs.caller, named_sender(body));
  }
  REST_ASSIGN(PlannedCall planned, match.operation->plan(backend_, inputs));
  REST_ASSIGN(const Bytes data, market::encode_call(planned.plan.call, planned.plan.arguments));
  if (!caller) return ask_for_signature(inputs.caller, data);
  return sign_for(*caller, std::move(planned), data, write);
}

RestResult<void> Writes::sign_for(const ApiKeyRing::Caller& caller, PlannedCall planned, const Bytes& data,
                                  const WritePtr& write) {
  REST_ASSIGN(const Gas gas, submitter_.simulate(caller.wallet.address(), data));
  write->finish = std::move(planned.finish);
  watch(submitter_.sign_and_send(caller.wallet, data, gas, on_done(write)), write);
  return {};
}

RestResult<void> Writes::ask_for_signature(const std::optional<Address>& from, const Bytes& data) const {
  Gas gas = gas_at_most(data);
  if (from) {
    REST_ASSIGN(gas, submitter_.simulate(*from, data));
  }
  Problem problem{
      401, "sign unsigned_transaction and send it as signed_transaction, or give an X-Api-Key", {}, {}, 0};
  problem.members.emplace_back("unsigned_transaction", submitter_.unsigned_transaction(data, gas, from));
  return refuse(std::move(problem));
}

RestResult<void> Writes::send_signed(const Inputs& inputs, Json text, const WritePtr& write) {
  if (!text.is_string()) return refuse(422, "signed_transaction: a string of hex digits is expected");
  REST_ASSIGN(const Bytes wire, hex::decode(text.string()));
  REST_ASSIGN(const TransactionPtr transaction, recover_transaction(wire));
  write->outcome.user = hex::checksummed(transaction->sender);
  if (write->operation->takes_any_transaction) {
    REST_ASSIGN(write->finish, write->operation->accept(backend_, inputs, {}));
    watch(submitter_.send(transaction, on_done(write)), write);
    return {};
  }
  if (transaction->transaction.to != market::kContract)
    return refuse(400, "signed_transaction does not go to the marketplace");
  REST_ASSIGN(const market::Decoded call, market::decode_call(transaction->transaction.data));
  const auto& calls = write->operation->calls;
  if (std::find(calls.begin(), calls.end(), call.name) == calls.end())
    return refuse(400, "signed_transaction calls " + call.name + ", which is not what this path does");
  REST_ASSIGN(write->finish, write->operation->accept(backend_, inputs, call));
  REST_TRY(check_unless_known(*transaction));
  watch(submitter_.send(transaction, on_done(write)), write);
  return {};
}

// What would fail is refused before it costs gas; what is in a block already is only looked up.
RestResult<void> Writes::check_unless_known(const RecoveredTransaction& transaction) const {
  REST_ASSIGN(const auto location,
              chain::find_transaction(*backend_.chain.view()->snapshot, transaction.hash));
  if (location || backend_.mempool.find(transaction.hash) != nullptr) return {};
  REST_TRY(submitter_.simulate(transaction.sender, transaction.transaction.data));
  return {};
}

// The block's thread has better things to do than to put answers together.
Submitter::OnDone Writes::on_done(const WritePtr& write) {
  return [this, write](RestResult<Done> done) {
    server_.post([this, write, done = std::move(done)] { conclude(*write, done); });
  };
}

void Writes::conclude(Write& write, const RestResult<Done>& done) {
  if (!done) return end(write, render(done.error()), done.error().detail);
  write.outcome.transaction = hex::encode_prefixed(done->transaction);
  const auto source = write.finish(backend_, *done);
  if (!source) return end(write, render(source.error()), source.error().detail);
  if (write.outcome.resource.empty()) write.outcome.resource = resource_of(source->json());
  end(write, answer_done(*write.operation, *done, *source), {});
}

// No block for so long is not a failure: the transaction is on disk and will be tried.
void Writes::watch(const Submitter::Ticket& ticket, const WritePtr& write) {
  server_.post_after(options_.receipt_timeout, [this, ticket, write] {
    if (submitter_.forget(ticket)) end(*write, answer_pending(ticket.transaction), {});
  });
}

void Writes::end(Write& write, http::Response response, const std::string& detail) {
  const unsigned status = response.status;
  write.outcome.status = status;
  write.outcome.detail = detail;
  write.respond(std::move(response));
  if (listeners_.on_request)
    listeners_.on_request(write.outcome.action.empty() ? "none" : write.outcome.action, status,
                          SteadyClock::now() - write.begun);
  if (listeners_.on_write && !write.outcome.user.empty()) listeners_.on_write(write.outcome);
}

}  // namespace aitbc::rest
