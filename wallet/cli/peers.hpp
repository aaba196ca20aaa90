// Several nodes at once.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "wallet/cli/context.hpp"

namespace aitbc::cli {

// The node of --rpc-url, those that were named, and those of AITBC_NODES: each once.
std::vector<std::string> node_urls(const Context& context, const std::vector<std::string>& named);

// `visit` gets each with a client, or with why there is none. A wrong address is a usage failure.
using NodeVisitor = std::function<Outcome<void>(const std::string& url, Outcome<NodeClient*> node)>;
Outcome<void> for_each_node(Context& context, const std::vector<std::string>& named,
                            const NodeVisitor& visit);

// Prints each node's head, and fails (refused) when two of them have different blocks of one height.
Outcome<void> print_agreement(Context& context, const std::vector<std::string>& named);

}  // namespace aitbc::cli
