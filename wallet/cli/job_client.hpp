// Jobs as commands show them.
#pragma once

#include <string>

#include "wallet/cli/context.hpp"
#include "wallet/cli/json.hpp"
#include "wallet/cli/output.hpp"

namespace CLI {
class App;
}

namespace aitbc::cli {

// As market_getJob gives it.
Outcome<Json> find_job(Context& context, const std::string& text);
Record describe_job(const Json& job);

void add_job_metrics(CLI::App& root, Context& context);  // ai-metrics
void add_job_group(CLI::App& root, Context& context);    // jobs list|details|cancel|start|complete|claim|fail

}  // namespace aitbc::cli
