// The routes of the REST surface. Each is registered once, with its path, its meaning and a handler with
// typed arguments; parsing, the report of what does not fit, and the OpenAPI document come from that.
#pragma once

#include <algorithm>
#include <functional>
#include <initializer_list>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "base/check.hpp"
#include "marketplace/abi.hpp"
#include "node/rest/backend.hpp"
#include "node/rest/input.hpp"
#include "node/rest/shape.hpp"

namespace aitbc::rest {

// What came with a request, taken apart but not yet read.
struct Inputs {
  std::span<const std::string> path;  // the values of the placeholders, in order
  const QueryPairs& query;
  Json body;                      // null when there is none
  std::optional<Address> caller;  // see BodyInput
};

// What a read answers with: the JSON that the shape is applied to, and the cursor of the next page.
struct Page {
  Answer source;
  std::string items = "items";  // where a list stands in the source
  std::optional<std::string> next_cursor;
};

// ---- writes

// A call of the contract that a request asks for.
struct Plan {
  std::string call;       // "bookGpu"
  std::string arguments;  // JSON object
};
// What became of it.
struct Done {
  Hash transaction;
  Height height = 0;
  Seconds timestamp = 0;
  Address sender;
  std::vector<market::Decoded> events;
  // The arguments of the first event of that name; refused with 500 when there is none.
  RestResult<Answer> event(std::string_view name) const;
};
// The JSON that the answer's shape is applied to.
using Finish = std::function<RestResult<Answer>(const RestBackend&, const Done&)>;

struct PlannedCall {
  Plan plan;
  Finish finish;
};

struct Operation {
  std::string id;      // "book_gpu"
  std::string method;  // "POST"
  std::string path;    // "/v1/marketplace/gpu/{gpu_id}/book"
  std::string tag;
  std::string summary;
  unsigned success = 200;
  const Shape* shape = nullptr;
  bool is_list = false;
  bool reads_pool = false;
  std::vector<unsigned> errors;  // beside 422 and 500, and 401, 403, 429 of writes
  std::vector<InputSchema> path_params;
  std::vector<InputSchema> query_params;
  std::optional<std::string> body_schema;
  bool body_required = false;
  std::vector<std::string> calls;      // of a write: the contract's calls that it may come to
  bool takes_any_transaction = false;  // of a write that only passes on what was signed
  bool is_write() const { return !calls.empty() || takes_any_transaction; }

  std::function<RestResult<Page>(const RestBackend&, const Inputs&)> read;         // of a read
  std::function<RestResult<PlannedCall>(const RestBackend&, const Inputs&)> plan;  // of a write
  // Of a write: what follows when the transaction came signed, with its call.
  std::function<RestResult<Finish>(const RestBackend&, const Inputs&, const market::Decoded&)> accept;
};

struct Describe {
  std::string_view id;
  std::string_view method;
  std::string_view path;
  std::string_view tag;
  std::string_view summary;
  const Shape* shape = nullptr;
  unsigned success = 200;
  bool is_list = false;
  std::initializer_list<unsigned> errors = {};
  bool reads_pool = false;  // a read whose answer may change without a new head
};

template <class F>
struct HandlerTraits : HandlerTraits<decltype(&F::operator())> {};
template <class F, class R, class... Arguments>
struct HandlerTraits<R (F::*)(const RestBackend&, Arguments...) const> {
  using Values = std::tuple<std::remove_cvref_t<Arguments>...>;
};

// Problems with what came: 404 for an id in the path that cannot be one, 422 for the rest.
RestResult<void> check_issues(Issues issues);

template <class T>
void read_input(const Inputs& inputs, std::size_t& path_index, T& out, Issues& issues) {
  if constexpr (std::derived_from<T, QueryInput>) {
    read_pairs(inputs.query, out, issues);
  } else if constexpr (std::derived_from<T, BodyInput>) {
    read_object(inputs.body, out, {"body"}, issues);
    out.caller = inputs.caller;
  } else {
    const std::string& text = inputs.path[path_index++];
    read(Source{Json(), text}, out, {}, {"path", text}, issues);
  }
}

template <class Values>
RestResult<Values> read_inputs(const Inputs& inputs) {
  Values values;
  Issues issues;
  std::size_t path_index = 0;
  std::apply([&](auto&... each) { (read_input(inputs, path_index, each, issues), ...); }, values);
  REST_TRY(check_issues(std::move(issues)));
  return values;
}

// Filled before it is used; reading is thread-safe.
class Registry {
 public:
  // handler: RestResult<Page>(const RestBackend&, path values..., query struct)
  template <class Handler>
  void read(const Describe& about, Handler handler) {
    using Values = typename HandlerTraits<Handler>::Values;
    Operation operation = describe<Values>(about);
    operation.read = [handler](const RestBackend& backend, const Inputs& inputs) -> RestResult<Page> {
      REST_ASSIGN(auto values, read_inputs<Values>(inputs));
      return std::apply([&](auto&... each) { return handler(backend, each...); }, values);
    };
    add(std::move(operation));
  }

  // planner: RestResult<Plan>(const RestBackend&, path values..., body struct)
  // matcher: RestResult<Finish>(const RestBackend&, path values..., const market::Decoded& call): what is
  //   answered once the call is done; refused when the call is about something else than the path.
  template <class Planner, class Matcher>
  void write(const Describe& about, std::initializer_list<std::string_view> calls, Planner planner,
             Matcher matcher) {
    using Values = typename HandlerTraits<Planner>::Values;
    Operation operation = describe<Values>(about);
    operation.calls.assign(calls.begin(), calls.end());
    operation.accept = [matcher](const RestBackend& backend, const Inputs& inputs,
                                 const market::Decoded& call) {
      return match<Matcher>(matcher, backend, inputs, call);
    };
    operation.plan = [planner, matcher](const RestBackend& backend,
                                        const Inputs& inputs) -> RestResult<PlannedCall> {
      REST_ASSIGN(auto values, read_inputs<Values>(inputs));
      REST_ASSIGN(Plan plan, std::apply([&](auto&... each) { return planner(backend, each...); }, values));
      const market::Decoded call{plan.call, {}, plan.arguments};
      REST_ASSIGN(Finish finish, match<Matcher>(matcher, backend, inputs, call));
      return PlannedCall{std::move(plan), std::move(finish)};
    };
    add(std::move(operation));
  }

  // A write that passes on whatever was signed.
  void pass_on(const Describe& about, Finish finish);

  struct Match {
    const Operation* operation = nullptr;  // null: see allowed_methods
    std::vector<std::string> values;       // of the placeholders
    std::string allowed_methods;           // empty when no route has that path
  };
  // Paths with and without /v1 mean the same. HEAD finds GET.
  Match find(std::string_view method, const std::vector<std::string>& segments) const;
  const std::vector<Operation>& operations() const { return operations_; }

 private:
  template <class Matcher>
  static RestResult<Finish> match(const Matcher& matcher, const RestBackend& backend, const Inputs& inputs,
                                  const market::Decoded& call) {
    using All = typename HandlerTraits<Matcher>::Values;
    return match_with<Matcher, All>(matcher, backend, inputs, call,
                                    std::make_index_sequence<std::tuple_size_v<All> - 1>{});
  }
  template <class Matcher, class All, std::size_t... I>
  static RestResult<Finish> match_with(const Matcher& matcher, const RestBackend& backend,
                                       const Inputs& inputs, const market::Decoded& call,
                                       std::index_sequence<I...>) {
    using Paths = std::tuple<std::tuple_element_t<I, All>...>;
    REST_ASSIGN([[maybe_unused]] auto values, read_inputs<Paths>(inputs));
    return matcher(backend, std::get<I>(values)..., call);
  }

  template <class T>
  static void describe_input(Operation& operation, std::span<const std::string> names,
                             std::size_t& path_index) {
    if constexpr (std::derived_from<T, QueryInput>) {
      operation.query_params = input_schemas<T>();
    } else if constexpr (std::derived_from<T, BodyInput>) {
      const std::vector<InputSchema> members = input_schemas<T>();
      operation.body_schema = object_schema(members);
      operation.body_required =
          std::any_of(members.begin(), members.end(), [](const InputSchema& each) { return each.required; });
    } else {
      AITBC_CHECK(path_index < names.size(), "a handler takes more than its path has");
      operation.path_params.push_back({names[path_index++], {}, true, value_schema<T>({})});
    }
  }

  template <class Values>
  static Operation describe(const Describe& about) {
    Operation out = begin(about);
    const std::vector<std::string> names = placeholders(about.path);
    std::size_t path_index = 0;
    [&]<class... T>(std::tuple<T...>*) {
      (describe_input<T>(out, names, path_index), ...);
    }(static_cast<Values*>(nullptr));
    AITBC_CHECK(path_index == names.size(), "a path has more than its handler takes");
    return out;
  }
  static Operation begin(const Describe& about);
  static std::vector<std::string> placeholders(std::string_view path);
  void add(Operation operation);

  std::vector<Operation> operations_;
  // Of each operation's path; "{" and what follows the placeholder for one.
  std::vector<std::vector<std::string>> segments_;
};

// The registry as an OpenAPI 3.1 document.
std::string openapi_document(const Registry& registry, std::string_view version);

}  // namespace aitbc::rest
