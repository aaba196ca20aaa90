#include <csignal>

#include "wallet/cli/app.hpp"

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);  // a closed pipe is an error of the write, not the end of the process
  return aitbc::cli::run(std::vector<std::string>(argv + 1, argv + argc), aitbc::cli::process_environment());
}
