#include <sys/resource.h>
#include <csignal>

#include "wallet/agent/provider_commands.hpp"
#include "wallet/cli/app.hpp"
#include "wallet/cli/password_argument.hpp"
#include "wallet/notify/notify_command.hpp"

namespace {

// A core file would hold the keys that are open.
void forbid_core_files() {
  const rlimit none{0, 0};
  setrlimit(RLIMIT_CORE, &none);
}

}  // namespace

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);  // a closed pipe is an error of the write, not the end of the process
  forbid_core_files();
  std::vector<std::string> arguments(argv + 1, argv + argc);
  aitbc::cli::hide_passwords(argc, argv);
  return aitbc::cli::run(std::move(arguments), aitbc::cli::process_environment(),
                         {aitbc::agent::add_provider_commands, aitbc::notify::add_notify_command});
}
