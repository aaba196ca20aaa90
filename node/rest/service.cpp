#include "node/rest/service.hpp"

#include <algorithm>

#include "codec/hex.hpp"
#include "http/access.hpp"
#include "marketplace/tables.hpp"
#include "node/rest/rate_limit.hpp"
#include "node/rest/read_cache.hpp"
#include "node/rest/routes.hpp"
#include "node/rest/submitter.hpp"

namespace aitbc::rest {
namespace {

using SteadyClock = std::chrono::steady_clock;

// Wrong API keys of one address in a minute, before it has to wait.
constexpr std::uint64_t kWrongKeysPerMinute = 20;
constexpr std::string_view kKeyHeader = "X-Api-Key";

std::uint64_t steady_ms() {
  return static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::milliseconds>(SteadyClock::now().time_since_epoch()).count());
}

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

http::Response answer_page(const Operation& operation, const Page& page) {
  http::Response response;
  response.status = operation.success;
  JsonWriter out(response.body);
  if (!operation.is_list) {
    write_object(out, *operation.shape, page.source.json());
    return response;
  }
  const Json items = at_path(page.source.json(), page.items);
  out.begin_array();
  for (std::size_t i = 0; i < items.size(); ++i) write_object(out, *operation.shape, items[i]);
  out.end_array();
  if (page.next_cursor) response.fields.emplace_back("X-Next-Cursor", *page.next_cursor);
  return response;
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

// A write on its way: what it needs until it is answered.
struct Write {
  const Operation* operation = nullptr;
  Finish finish;
  http::Respond respond;
  SteadyClock::time_point begun = SteadyClock::now();
  WriteOutcome outcome;
};

}  // namespace

struct RestService::Impl {
  Impl(RestBackend the_backend, RestOptions the_options, RestListeners the_listeners,
       http::Server& the_server)
      : backend(std::move(the_backend)),
        options(std::move(the_options)),
        listeners(std::move(the_listeners)),
        server(the_server),
        keys(options.api_keys_file),
        key_limit(options.requests_per_minute),
        wrong_key_limit(kWrongKeysPerMinute),
        submitter(backend) {
    register_routes(registry);
    openapi = openapi_document(registry, backend.version);
  }

  void add_routes() {
    server.add_route("GET", "/openapi.json",
                     [this](const http::Request&) { return http::Response{.body = openapi, .fields = {}}; });
    for (const char* path : {"/v1/*", "/marketplace/*", "/jobs/*", "/staking/*", "/providers/*",
                             "/accounts/*", "/transactions/*", "/blocks/*"}) {
      server.add_route("GET", path, [this](const http::Request& request) { return read(request); });
      for (const char* method : {"POST", "DELETE", "PATCH"})
        server.add_deferred_route(method, path, [this](const http::Request& request, http::Respond respond) {
          write(request, std::move(respond));
        });
    }
  }

  // ---- reads

  http::Response read(const http::Request& request) {
    const auto begun = SteadyClock::now();
    const ReadCache::Moment moment{backend.chain.view()->head_hash, backend.now()};
    const std::string target = std::string(request.path) + "?" + std::string(request.query);
    auto known = cache.find(moment, target);
    if (known == nullptr) {
      known = std::make_shared<const KnownAnswer>(work_out(request));
      if (known->response.status < 500) cache.keep(moment, target, known);
    }
    tell(known->route, known->response.status, begun);
    return known->response;
  }

  KnownAnswer work_out(const http::Request& request) const {
    auto found = find_route(request);
    if (!found) return {render(found.error()), "none"};
    const std::string& route = found->operation->id;
    const auto pairs = parse_query(request.query);
    if (!pairs) return {render(Problem{400, pairs.error().message, {}, {}, 0}), route};
    const auto page = found->operation->read(backend, Inputs{found->values, *pairs, Json(), {}});
    return {page ? answer_page(*found->operation, *page) : render(page.error()), route};
  }

  RestResult<Registry::Match> find_route(const http::Request& request) const {
    REST_ASSIGN(const auto segments, split_path(request.path));
    Registry::Match match = registry.find(request.method, segments);
    if (match.operation != nullptr) return match;
    if (match.allowed_methods.empty()) return refuse(404, "Not Found");
    return refuse(405, "Method Not Allowed; this path takes " + match.allowed_methods);
  }

  void tell(std::string_view route, unsigned status, SteadyClock::time_point begun) const {
    if (listeners.on_request) listeners.on_request(route, status, SteadyClock::now() - begun);
  }

  // ---- writes

  void write(const http::Request& request, http::Respond respond) {
    auto write = std::make_shared<Write>();
    write->respond = std::move(respond);
    if (auto begun = begin_write(request, write); !begun)
      end(*write, render(begun.error()), begun.error().detail);
  }

  RestResult<void> begin_write(const http::Request& request, const std::shared_ptr<Write>& write) {
    REST_ASSIGN(Registry::Match match, find_route(request));
    write->operation = match.operation;
    write->outcome.action = match.operation->id;
    if (!match.values.empty()) write->outcome.resource = match.values.front();
    REST_ASSIGN(const QueryPairs pairs, parse_query(request.query));
    JsonDocument document;
    Json body;
    if (!request.body.empty()) {
      if (!http::is_json_content_type(request.field("Content-Type")))
        return refuse(415, "the body must be application/json");
      auto parsed = document.parse(request.body);
      if (!parsed) return refuse(422, "the body is not JSON: " + parsed.error().message);
      body = *parsed;
    }
    Inputs inputs{match.values, pairs, body, {}};
    const Json signed_transaction = body.find("signed_transaction");
    if (!signed_transaction.is_null()) return send_signed(inputs, signed_transaction, write);
    const std::string_view key = request.field(kKeyHeader);
    std::optional<ApiKeyRing::Caller> caller;
    if (!key.empty()) {
      REST_ASSIGN(caller, authenticate(key, request.peer));
      write->outcome.user = caller->name;
      inputs.caller = caller->wallet.address();
    } else {
      REST_ASSIGN(inputs.caller, named_sender(body));
    }
    REST_ASSIGN(PlannedCall planned, match.operation->plan(backend, inputs));
    REST_ASSIGN(const Bytes data, market::encode_call(planned.plan.call, planned.plan.arguments));
    if (!caller) return ask_for_signature(inputs.caller, data);
    REST_ASSIGN(const Gas gas, submitter.simulate(caller->wallet.address(), data));
    write->finish = std::move(planned.finish);
    watch(submitter.sign_and_send(caller->wallet, data, gas, on_done(write)), write);
    return {};
  }

  RestResult<std::optional<ApiKeyRing::Caller>> authenticate(std::string_view key, std::string_view peer) {
    if (!options.hosted_wallets)
      return refuse(401, "this node hosts no wallets; sign the transaction yourself");
    REST_ASSIGN(auto caller, keys.find(key, backend.now()));
    const unsigned wait = caller ? key_limit.take(caller->name, steady_ms())
                                 : wrong_key_limit.take(std::string(peer), steady_ms());
    if (wait > 0) {
      Problem problem{
          429, caller ? "too many requests of this API key" : "too many wrong API keys", {}, {}, wait};
      return refuse(std::move(problem));
    }
    if (!caller) return refuse(401, "invalid API key");
    return caller;
  }

  static RestResult<std::optional<Address>> named_sender(Json body) {
    const Json named = body.find("from");
    if (named.is_null()) return std::optional<Address>();
    Address from;
    Issues issues;
    rest::read(Source{named, {}}, from, {}, {"body", "from"}, issues);
    REST_TRY(check_issues(std::move(issues)));
    return std::optional<Address>(from);
  }

  RestResult<void> ask_for_signature(const std::optional<Address>& from, const Bytes& data) const {
    // Without knowing who calls it is not known what the call would do, but what it costs at most.
    Gas gas = 0;
    if (from) {
      REST_ASSIGN(gas, submitter.simulate(*from, data));
    } else {
      gas = gas_at_most(data);
    }
    Problem problem{
        401, "sign unsigned_transaction and send it as signed_transaction, or give an X-Api-Key", {}, {}, 0};
    problem.members.emplace_back("unsigned_transaction", submitter.unsigned_transaction(data, gas, from));
    return refuse(std::move(problem));
  }

  static Gas gas_at_most(const Bytes& data) {
    Transaction transaction;
    transaction.to = market::kContract;
    transaction.data = data;
    const market::Call* call =
        data.size() < 4 ? nullptr : market::find_call(abi::Selector{data[0], data[1], data[2], data[3]});
    return intrinsic_gas(transaction).value_or(0) + (call == nullptr ? 0 : call->gas);
  }

  RestResult<void> send_signed(const Inputs& inputs, Json text, const std::shared_ptr<Write>& write) {
    if (!text.is_string()) return refuse(422, "signed_transaction: a string of hex digits is expected");
    REST_ASSIGN(const Bytes wire, hex::decode(text.string()));
    REST_ASSIGN(const TransactionPtr transaction, recover_transaction(wire));
    write->outcome.user = hex::checksummed(transaction->sender);
    if (write->operation->takes_any_transaction) {
      REST_ASSIGN(write->finish, write->operation->accept(backend, inputs, {}));
      watch(submitter.send(transaction, on_done(write)), write);
      return {};
    }
    if (transaction->transaction.to != market::kContract)
      return refuse(400, "signed_transaction does not go to the marketplace");
    REST_ASSIGN(const market::Decoded call, market::decode_call(transaction->transaction.data));
    const auto& calls = write->operation->calls;
    if (std::find(calls.begin(), calls.end(), call.name) == calls.end())
      return refuse(400, "signed_transaction calls " + call.name + ", which is not what this path does");
    REST_ASSIGN(write->finish, write->operation->accept(backend, inputs, call));
    REST_TRY(check_unless_known(*transaction));
    watch(submitter.send(transaction, on_done(write)), write);
    return {};
  }

  // What would fail is refused before it costs gas; what is in a block already is only looked up.
  RestResult<void> check_unless_known(const RecoveredTransaction& transaction) const {
    REST_ASSIGN(const auto location,
                chain::find_transaction(*backend.chain.view()->snapshot, transaction.hash));
    if (location || backend.mempool.find(transaction.hash) != nullptr) return {};
    REST_TRY(submitter.simulate(transaction.sender, transaction.transaction.data));
    return {};
  }

  // The block's thread has better things to do than to put answers together.
  Submitter::OnDone on_done(const std::shared_ptr<Write>& write) {
    return [this, write](RestResult<Done> done) {
      server.post([this, write, done = std::move(done)] { conclude(*write, done); });
    };
  }

  void conclude(Write& write, const RestResult<Done>& done) {
    if (!done) return end(write, render(done.error()), done.error().detail);
    write.outcome.transaction = hex::encode_prefixed(done->transaction);
    const auto source = write.finish(backend, *done);
    if (!source) return end(write, render(source.error()), source.error().detail);
    if (write.outcome.resource.empty()) write.outcome.resource = resource_of(source->json());
    end(write, answer_done(*write.operation, *done, *source), {});
  }

  // No block for so long is not a failure: the transaction is on disk and will be tried.
  void watch(const Submitter::Ticket& ticket, const std::shared_ptr<Write>& write) {
    server.post_after(options.receipt_timeout, [this, ticket, write] {
      if (submitter.forget(ticket)) end(*write, answer_pending(ticket.transaction), {});
    });
  }

  void end(Write& write, http::Response response, const std::string& detail) {
    const unsigned status = response.status;
    write.outcome.status = status;
    write.outcome.detail = detail;
    write.respond(std::move(response));
    tell(write.outcome.action.empty() ? "none" : write.outcome.action, status, write.begun);
    if (listeners.on_write && !write.outcome.user.empty()) listeners.on_write(write.outcome);
  }

  RestBackend backend;
  RestOptions options;
  RestListeners listeners;
  http::Server& server;
  Registry registry;
  std::string openapi;
  ApiKeyRing keys;
  RateLimit key_limit;
  RateLimit wrong_key_limit;
  ReadCache cache;
  Submitter submitter;
};

RestService::RestService(RestBackend backend, RestOptions options, RestListeners listeners,
                         http::Server& server)
    : impl_(std::make_unique<Impl>(std::move(backend), std::move(options), std::move(listeners), server)) {
  impl_->add_routes();
}
RestService::~RestService() = default;

void RestService::on_head(const chain::HeadEvent& event) { impl_->submitter.on_head(event); }

}  // namespace aitbc::rest
