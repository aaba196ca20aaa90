#include "wallet/agent/supervisor.hpp"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <system_error>

#include "crypto/keccak.hpp"
#include "wallet/cli/service_log.hpp"
#include "wallet/file_lock.hpp"
#include "wallet/files.hpp"
#include "wallet/web/http_client.hpp"

namespace aitbc::agent {
namespace {

using std::chrono::milliseconds;

RunReport failure(std::string reason) { return {false, std::move(reason), {}, 0, 0}; }

milliseconds time_left(const RunOrder& order) {
  const std::uint64_t now = cli::wall_clock_ms();
  return milliseconds(order.deadline_ms > now ? order.deadline_ms - now : 0);
}

// Fetches the input into its file; the reason when it cannot be had.
Result<void> fetch_input(const RunOrder& order) {
  const auto url = web::parse_url(order.input_uri);
  if (!url)
    return fail(ErrorCode::invalid_input, "the address of the input is wrong: " + url.error().message);
  if (!url->tls && !order.allow_private_addresses)
    return fail(ErrorCode::invalid_input, "the address of the input must start with https://");
  web::ClientOptions options;
  options.timeout = time_left(order);
  options.max_response_bytes = order.max_input_bytes;
  options.ca_file = order.ca_file;
  options.public_addresses_only = !order.allow_private_addresses;
  web::HttpRequest request;
  request.url = *url;
  const auto reply = web::HttpClient(options).send(request);
  if (!reply) return fail(ErrorCode::unavailable, "the input cannot be fetched: " + reply.error().message);
  if (reply->status != 200)
    return fail(ErrorCode::unavailable,
                "the input cannot be fetched: the server answered " + std::to_string(reply->status));
  if (order.input_digest != Hash{} && keccak256(as_bytes(reply->body)) != order.input_digest)
    return fail(ErrorCode::invalid_input, "the input at its address is not the one that was promised");
  return wallet::replace_file(order.request.input_file, reply->body);
}

Result<RunReport> run(RunOrder order) {
  if (!order.input_uri.empty()) {
    const auto fetched = fetch_input(order);
    if (!fetched && is_local_failure(fetched.error())) return fail(fetched.error());
    if (!fetched) return failure(fetched.error().message);
  }
  order.request.limits.time = std::min(order.request.limits.time, time_left(order));
  AITBC_ASSIGN(const RunOutcome outcome, run_limited(order.request));
  RunReport out;
  out.succeeded = outcome.succeeded();
  if (!out.succeeded) out.reason = outcome.describe();
  out.output_bytes = outcome.output_bytes;
  out.took_ms = static_cast<std::uint64_t>(outcome.took.count());
  AITBC_ASSIGN(const std::string output,
               wallet::read_small_file(order.request.output_file, order.request.limits.output_bytes));
  out.digest = keccak256(as_bytes(output));
  return out;
}

}  // namespace

Result<void> supervise(const JobFolder& folder) {
  AITBC_ASSIGN(const wallet::FileLock lock, wallet::FileLock::take(folder.lock()));
  if (folder.report()) return {};
  AITBC_TRY(folder.count_attempt());
  AITBC_ASSIGN(RunOrder order, folder.order());
  AITBC_ASSIGN(const RunReport report, run(std::move(order)));
  AITBC_TRY(folder.report(report));
  folder.clear_work();
  return {};
}

Result<int> start_supervisor(const std::filesystem::path& program, const JobFolder& folder) {
  std::string name = program.string();
  std::string path = folder.path().string();
  std::string command = "provider";
  std::string action = "supervise";
  char* const arguments[] = {name.data(), command.data(), action.data(), path.data(), nullptr};
  // Nothing of this process's environment, which may hold the wallet's password.
  char* const environment[] = {nullptr};
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_addclosefrom_np(&actions, 3);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t all;
  sigset_t none;
  sigfillset(&all);
  sigemptyset(&none);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &all);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  pid_t pid = 0;
  const int error = ::posix_spawn(&pid, name.c_str(), &actions, &attributes, arguments, environment);
  posix_spawn_file_actions_destroy(&actions);
  posix_spawnattr_destroy(&attributes);
  if (error != 0)
    return fail(ErrorCode::io, "cannot start " + name + ": " + std::generic_category().message(error));
  return pid;
}

}  // namespace aitbc::agent
