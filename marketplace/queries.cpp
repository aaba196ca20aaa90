#include "marketplace/queries.hpp"

#include <algorithm>

#include "marketplace/abi.hpp"
#include "marketplace/query_handlers.hpp"

namespace aitbc::market {
namespace {

const std::vector<QueryEntry>& entries() {
  static const std::vector<QueryEntry> all = [] {
    std::vector<QueryEntry> out;
    for (auto part : {record_queries(), directory_queries(), list_queries(), market_queries(),
                      report_queries(), pricing_queries()})
      std::move(part.begin(), part.end(), std::back_inserter(out));
    return out;
  }();
  return all;
}

const QueryEntry* find_entry(std::string_view method) {
  const auto at = std::find_if(entries().begin(), entries().end(),
                               [&](const QueryEntry& entry) { return entry.method.name == method; });
  return at == entries().end() ? nullptr : &*at;
}

Error unknown(std::string_view method) {
  return {ErrorCode::not_found, "the method " + std::string(method) + " does not exist"};
}

}  // namespace

std::span<const QueryMethod> query_methods() {
  static const std::vector<QueryMethod> methods = [] {
    std::vector<QueryMethod> out;
    for (const QueryEntry& entry : entries()) out.push_back(entry.method);
    return out;
  }();
  return methods;
}

Error to_error(const Revert& revert) {
  const auto decoded = decode_error(revert.data);
  const bool missing = decoded && decoded->name.ends_with("NotFound");
  return {missing ? ErrorCode::not_found : ErrorCode::invalid_input, describe_error(revert.data)};
}

Result<std::string> query(const QuerySite& site, std::string_view method, const QueryArgs& args) {
  const QueryEntry* entry = find_entry(method);
  if (entry == nullptr) return fail(unknown(method));
  State state(site.view);
  BlockContext block;
  block.timestamp = site.now;
  block.validators.assign(site.validators.begin(), site.validators.end());
  Logs logs;
  try {
    Context context(state, block, Address{}, logs);
    Query call{site.view, context, args, site.index, site.block_time};
    return entry->handler(call);
  } catch (const StateUnavailable&) {
    return fail(*state.failure());
  }
}

Result<std::string> query(const StateView& view, Seconds now, std::string_view method,
                          std::string_view params_json) {
  const QueryEntry* entry = find_entry(method);
  if (entry == nullptr) return fail(unknown(method));
  AITBC_ASSIGN(const QueryArgs args, QueryArgs::parse(entry->method, params_json));
  return query({view, now, now}, method, args);
}

}  // namespace aitbc::market
