// The commands of a provider: aitbc provider init, check, run, status.
#pragma once

namespace CLI {
class App;
}

namespace aitbc::cli {
class Context;
}

namespace aitbc::agent {

void add_provider_commands(CLI::App& root, cli::Context& context);

}  // namespace aitbc::agent
