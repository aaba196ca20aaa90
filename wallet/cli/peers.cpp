#include "wallet/cli/peers.hpp"

#include <algorithm>

#include "codec/hex.hpp"

namespace aitbc::cli {
namespace {

struct NodeState {
  std::string url;
  std::optional<Height> head;
  std::string version;
};

Outcome<std::string> hash_at(NodeClient& node, Height height) {
  AITBC_ASSIGN(const Json block,
               node.call("eth_getBlockByNumber", json_array({json_text(hex::quantity(height)), "false"})));
  return block["hash"].text();
}

}  // namespace

std::vector<std::string> node_urls(const Context& context, const std::vector<std::string>& named) {
  std::vector<std::string> out{context.options.rpc_url};
  const auto add = [&out](const std::string& url) {
    if (!url.empty() && std::find(out.begin(), out.end(), url) == out.end()) out.push_back(url);
  };
  for (const std::string& url : named) add(url);
  const std::string more = context.env.variable("AITBC_NODES").value_or("");
  for (std::size_t at = 0; at <= more.size();) {
    const std::size_t end = std::min(more.find(',', at), more.size());
    add(more.substr(at, end - at));
    at = end + 1;
  }
  return out;
}

Outcome<void> for_each_node(Context& context, const std::vector<std::string>& named,
                            const NodeVisitor& visit) {
  for (const std::string& url : node_urls(context, named)) {
    AITBC_ASSIGN(const std::unique_ptr<RpcClient> rpc, context.env.connect(url, context.timeout()));
    NodeClient node(*rpc);
    const auto head = node.head();
    AITBC_TRY(visit(url, head ? Outcome<NodeClient*>(&node) : fail(head.error())));
  }
  return {};
}

Outcome<void> print_agreement(Context& context, const std::vector<std::string>& named) {
  std::vector<NodeState> states;
  AITBC_TRY(
      for_each_node(context, named, [&](const std::string& url, Outcome<NodeClient*> node) -> Outcome<void> {
        NodeState state{url, std::nullopt, ""};
        if (node) {
          AITBC_ASSIGN(state.head, (*node)->head());
        }
        states.push_back(state);
        return {};
      }));
  std::optional<Height> common;
  for (const NodeState& state : states)
    if (state.head) common = std::min(common.value_or(*state.head), *state.head);
  std::string first_hash;
  bool agree = true;
  std::string line = "Nodes:";
  AITBC_TRY(
      for_each_node(context, named, [&](const std::string& url, Outcome<NodeClient*> node) -> Outcome<void> {
        if (!node) {
          line += " " + url + " (away)";
          return {};
        }
        AITBC_ASSIGN(const std::string hash, hash_at(**node, *common));
        if (first_hash.empty()) first_hash = hash;
        agree = agree && hash == first_hash;
        line += " " + url;
        return {};
      }));
  if (!agree)
    return failed(Exit::refused, "the nodes have different blocks at height " + std::to_string(*common));
  if (!context.output().is_json())
    context.output().line(line + "; " + std::to_string(states.size()) +
                          " asked, those that answer have the same block " + std::to_string(*common));
  return {};
}

}  // namespace aitbc::cli
