// What the REST surface stands on.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "mempool/mempool.hpp"
#include "node/chain/chain.hpp"
#include "node/json/json_value.hpp"
#include "node/rest/problem.hpp"

namespace aitbc::rest {

// Everything referred to outlives the surface. The functions are called on the server's threads, several at a
// time.
struct RestBackend {
  const chain::Chain& chain;
  Mempool& mempool;
  std::function<Seconds()> now;  // Unix time
  // A market_ query: parameters and answer are JSON text. Fails with not_found and invalid_input as
  // market::query() does.
  std::function<Result<std::string>(std::string_view method, std::string_view params_json)> query;
  std::function<Amount()> suggested_tip;  // per unit of gas
  std::string version;                    // of the node, for the OpenAPI document
};

// The answer of a query, parsed. Holds the memory that the views point into.
class Answer {
 public:
  static RestResult<Answer> of(Result<std::string> json);
  // Precondition: it is JSON, made by this node.
  static Answer parse(const std::string& json);
  Json json() const { return json_; }
  const std::string& text() const { return *text_; }

 private:
  std::unique_ptr<std::string> text_;
  std::unique_ptr<JsonDocument> document_;
  Json json_;
};

// {"a":"text","b":7}: the parameters of a query or call, built member by member.
class Params {
 public:
  Params& text(std::string_view name, std::string_view value);
  Params& number(std::string_view name, std::uint64_t value);
  Params& boolean(std::string_view name, bool value);
  Params& amount(std::string_view name, Amount value);
  Params& raw(std::string_view name, std::string_view json);
  std::string json() const { return text_ + "}"; }

 private:
  void key(std::string_view name);
  std::string text_ = "{";
};

}  // namespace aitbc::rest
