// The command: aitbc notify.
#pragma once

namespace CLI {
class App;
}

namespace aitbc::cli {
class Context;
}

namespace aitbc::notify {

void add_notify_command(CLI::App& root, cli::Context& context);

}  // namespace aitbc::notify
