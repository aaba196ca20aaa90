// eth_getLogs and the polled filters.
#include "node/rpc/filters.hpp"
#include "node/rpc/methods.hpp"
#include "node/rpc/render.hpp"
#include "node/rpc/schemas.hpp"

namespace aitbc::rpc {
namespace {

constexpr std::string_view kFilterId = R"({"type":"string","description":"A filter's id"})";

RpcResult<void> get_logs(Call& call, const Backend& backend, const LogCriteria& criteria) {
  const chain::ChainViewPtr view = backend.chain.view();
  RPC_ASSIGN(const auto range, resolve_range(*view, criteria));
  std::vector<chain::FoundLog> logs;
  if (range) {
    RPC_ASSIGN(logs, query_logs(backend, *view, criteria, *range));
  }
  write_logs(call.out, logs);
  return {};
}

RpcResult<void> write_id(Call& call, const RpcResult<std::string>& id) {
  if (!id) return rpc_fail(id.error());
  call.out.text(*id);
  return {};
}

}  // namespace

void register_log_methods(Registry& registry, const Backend& backend, Filters& filters) {
  registry.add({"eth_getLogs",
                "The logs of a block or range of blocks, by address and topics",
                {"filter"},
                schema::kLogs},
               [&backend](Call& call, LogCriteria criteria) { return get_logs(call, backend, criteria); });
  registry.add(
      {"eth_newFilter", "A filter for logs from now on", {"filter"}, kFilterId},
      [&filters](Call& call, LogCriteria criteria) { return write_id(call, filters.add_logs(criteria)); });
  registry.add({"eth_newBlockFilter", "A filter for blocks from now on", {}, kFilterId},
               [&filters](Call& call) { return write_id(call, filters.add_blocks()); });
  registry.add({"eth_newPendingTransactionFilter",
                "A filter for transactions that enter the pool from now on",
                {},
                kFilterId},
               [&filters](Call& call) { return write_id(call, filters.add_pending()); });
  registry.add({"eth_getFilterChanges", "What came since the last time", {"filterId"}, schema::kArray},
               [&filters](Call& call, std::string id) { return filters.write_changes(id, call.out); });
  registry.add({"eth_getFilterLogs", "All logs that a log filter's range has", {"filterId"}, schema::kLogs},
               [&filters](Call& call, std::string id) { return filters.write_logs_of(id, call.out); });
  registry.add(
      {"eth_uninstallFilter", "Removes a filter; false when there was none", {"filterId"}, schema::kBoolean},
      [&filters](Call& call, std::string id) -> RpcResult<void> {
        call.out.boolean(filters.remove(id));
        return {};
      });
}

}  // namespace aitbc::rpc
