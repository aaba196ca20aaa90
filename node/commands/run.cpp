#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "node/commands/commands.hpp"
#include "node/data_directory.hpp"
#include "node/node.hpp"
#include "node/snapshot_stage.hpp"
#include "node/telemetry/log.hpp"

namespace aitbc::commands {
namespace {

// Tells systemd (Type=notify) what the service is doing, when it asked to be told (sd_notify(3)).
void notify_systemd(std::string_view state) {
  const char* path =
      std::getenv("NOTIFY_SOCKET");  // NOLINT(concurrency-mt-unsafe): set by systemd before the start
  sockaddr_un address{};
  if (path == nullptr || std::strlen(path) >= sizeof address.sun_path) return;
  address.sun_family = AF_UNIX;
  std::strcpy(address.sun_path, path);
  if (address.sun_path[0] == '@') address.sun_path[0] = '\0';  // an abstract socket
  const int descriptor = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (descriptor < 0) return;
  const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + std::strlen(path));
  ::sendto(descriptor, state.data(), state.size(), MSG_NOSIGNAL, reinterpret_cast<const sockaddr*>(&address),
           size);
  ::close(descriptor);
}

}  // namespace

void announce_ready(const NodeConfig& config, const std::string& url) {
  std::printf("%s %s\n", config.announce.c_str(), url.c_str());
  std::fflush(stdout);
  if (!config.ready_file.empty()) {
    const auto written = write_text_file(config.ready_file, url + "\n", {.overwrite = true, .secret = false});
    if (!written) log::warning("node", written.error().message);
  }
  notify_systemd("READY=1");
}

int run(const NodeConfig& config) {
  if (const auto fetched = fetch_snapshot_if_wanted(config); !fetched) return report(fetched.error());
  auto node = Node::open(config);
  if (!node) return report(node.error());
  const auto stopped = (*node)->run([&](const std::string& url) { announce_ready(config, url); });
  notify_systemd("STOPPING=1");
  return stopped ? static_cast<int>(kOk) : report(stopped.error());
}

}  // namespace aitbc::commands
