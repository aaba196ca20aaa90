#include "wallet/agent/job_folder.hpp"

#include <algorithm>

#include "codec/hex.hpp"
#include "wallet/cli/json.hpp"
#include "wallet/file_lock.hpp"
#include "wallet/files.hpp"

namespace aitbc::agent {
namespace {

using cli::Json;
using cli::JsonObject;

constexpr std::size_t kMaxRecord_bytes = 1U << 20;

std::filesystem::path jobs_of(const std::filesystem::path& state_folder) { return state_folder / "jobs"; }

Result<Json> read_json(const std::filesystem::path& path) {
  AITBC_ASSIGN(const std::string text, wallet::read_small_file(path, kMaxRecord_bytes));
  auto document = Json::parse(text);
  if (!document || !document->is_object()) return fail(ErrorCode::corruption, path.string() + " is damaged");
  return *std::move(document);
}

std::uint64_t number(const Json& value) { return value.u64().value_or(0); }

Amount amount(const Json& value) {
  const auto units = value.number();
  return units ? to_amount(*units).value_or(Amount{}) : Amount{};
}

template <class Fixed>
Fixed fixed(const Json& value) {
  return hex::decode_fixed<Fixed>(value.text()).value_or(Fixed{});
}

std::string limits_json(const RunLimits& limits) {
  JsonObject out;
  out.number("time_ms", static_cast<std::uint64_t>(limits.time.count()));
  out.number("cpu_seconds", limits.cpu_seconds).number("memory_bytes", limits.memory_bytes);
  out.number("output_bytes", limits.output_bytes).number("file_bytes", limits.file_bytes);
  return out.number("processes", limits.processes).str();
}

RunLimits read_limits(const Json& json) {
  RunLimits out;
  out.time = std::chrono::milliseconds(number(json["time_ms"]));
  out.cpu_seconds = number(json["cpu_seconds"]);
  out.memory_bytes = number(json["memory_bytes"]);
  out.output_bytes = number(json["output_bytes"]);
  out.file_bytes = number(json["file_bytes"]);
  out.processes = number(json["processes"]);
  return out;
}

}  // namespace

JobFolder JobFolder::of(const std::filesystem::path& state_folder, std::uint64_t job) {
  return JobFolder(jobs_of(state_folder) / ("job_" + std::to_string(job)));
}

Result<std::vector<JobFolder>> JobFolder::all(const std::filesystem::path& state_folder) {
  std::vector<std::pair<std::uint64_t, JobFolder>> found;
  std::error_code error;
  if (!std::filesystem::exists(jobs_of(state_folder), error)) return std::vector<JobFolder>();
  for (const auto& entry : std::filesystem::directory_iterator(jobs_of(state_folder), error)) {
    JobFolder folder(entry.path());
    const auto ticket = folder.ticket();
    if (ticket) found.emplace_back(ticket->id, std::move(folder));
  }
  if (error)
    return fail(ErrorCode::io, "cannot read " + jobs_of(state_folder).string() + ": " + error.message());
  std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<JobFolder> out;
  for (auto& [id, folder] : found) out.push_back(std::move(folder));
  return out;
}

Result<void> JobFolder::take(const JobTicket& ticket) const {
  AITBC_TRY(wallet::make_private_folder(path_));
  JsonObject out;
  out.number("id", ticket.id).text("customer", hex::encode_prefixed(ticket.customer));
  out.text("type", ticket.type).text("model", ticket.model).text("requirements", ticket.requirements);
  out.text("prompt", ticket.prompt).text("input_uri", ticket.input_uri);
  out.text("input_digest", hex::encode_prefixed(ticket.input_digest));
  out.text("payment", to_units_string(ticket.payment)).text("target_kind", ticket.target_kind);
  out.number("target", ticket.target).number("expires_at", ticket.expires_at);
  return wallet::replace_file(path_ / "job.json", out.str() + "\n");
}

Result<JobTicket> JobFolder::ticket() const {
  AITBC_ASSIGN(const Json json, read_json(path_ / "job.json"));
  JobTicket out;
  out.id = number(json["id"]);
  out.customer = fixed<Address>(json["customer"]);
  out.type = json["type"].text();
  out.model = json["model"].text();
  out.requirements = json["requirements"].text();
  out.prompt = json["prompt"].text();
  out.input_uri = json["input_uri"].text();
  out.input_digest = fixed<Hash>(json["input_digest"]);
  out.payment = amount(json["payment"]);
  out.target_kind = json["target_kind"].text();
  out.target = number(json["target"]);
  out.expires_at = number(json["expires_at"]);
  if (out.id == 0) return fail(ErrorCode::corruption, (path_ / "job.json").string() + " is damaged");
  return out;
}

Result<void> JobFolder::order(const RunOrder& order) const {
  AITBC_TRY(wallet::make_private_folder(work()));
  const RunRequest& request = order.request;
  std::vector<std::string> command;
  for (const std::string& part : request.command) command.push_back(cli::json_text(part));
  JsonObject environment;
  for (const auto& [name, value] : request.environment) environment.text(name, value);
  JsonObject out;
  out.raw("command", cli::json_array(command)).raw("environment", environment.str());
  out.raw("limits", limits_json(request.limits)).text("input_uri", order.input_uri);
  out.text("input_digest", hex::encode_prefixed(order.input_digest));
  out.number("max_input_bytes", order.max_input_bytes);
  out.boolean("allow_private_addresses", order.allow_private_addresses).text("ca_file", order.ca_file);
  return wallet::replace_file(path_ / "run.json", out.number("deadline_ms", order.deadline_ms).str() + "\n");
}

Result<RunOrder> JobFolder::order() const {
  AITBC_ASSIGN(const Json json, read_json(path_ / "run.json"));
  RunOrder out;
  for (const Json& part : json["command"].elements()) out.request.command.push_back(part.text());
  for (const auto& [name, value] : json["environment"].members())
    out.request.environment.emplace_back(name, value.text());
  out.request.folder = work();
  out.request.input_file = input();
  out.request.output_file = output();
  out.request.error_file = errors();
  out.request.limits = read_limits(json["limits"]);
  out.input_uri = json["input_uri"].text();
  out.input_digest = fixed<Hash>(json["input_digest"]);
  out.max_input_bytes = number(json["max_input_bytes"]);
  out.allow_private_addresses = json["allow_private_addresses"].is_true();
  out.ca_file = json["ca_file"].text();
  out.deadline_ms = number(json["deadline_ms"]);
  if (out.request.command.empty())
    return fail(ErrorCode::corruption, (path_ / "run.json").string() + " is damaged");
  return out;
}

Result<void> JobFolder::report(const RunReport& report) const {
  JsonObject out;
  out.boolean("succeeded", report.succeeded).text("reason", report.reason);
  out.text("digest", hex::encode_prefixed(report.digest)).number("output_bytes", report.output_bytes);
  return wallet::write_new_file(path_ / "outcome.json", out.number("took_ms", report.took_ms).str() + "\n");
}

Result<RunReport> JobFolder::report() const {
  AITBC_ASSIGN(const Json json, read_json(path_ / "outcome.json"));
  RunReport out;
  out.succeeded = json["succeeded"].is_true();
  out.reason = json["reason"].text();
  out.digest = fixed<Hash>(json["digest"]);
  out.output_bytes = number(json["output_bytes"]);
  out.took_ms = number(json["took_ms"]);
  return out;
}

Result<void> JobFolder::close(const JobClosing& closing) const {
  JsonObject out;
  out.text("state", closing.state).text("note", closing.note).number("at_ms", closing.at_ms);
  return wallet::replace_file(path_ / "closed.json", out.str() + "\n");
}

Result<void> JobFolder::mark_claimed() const { return wallet::replace_file(path_ / "claimed", "\n"); }

bool JobFolder::is_claimed() const {
  std::error_code ignored;
  return std::filesystem::exists(path_ / "claimed", ignored);
}

Result<JobClosing> JobFolder::closing() const {
  AITBC_ASSIGN(const Json json, read_json(path_ / "closed.json"));
  return JobClosing{json["state"].text(), json["note"].text(), number(json["at_ms"])};
}

Result<std::uint64_t> JobFolder::count_attempt() const {
  const std::uint64_t now = attempts() + 1;
  AITBC_TRY(wallet::replace_file(path_ / "attempts", std::to_string(now)));
  return now;
}

std::uint64_t JobFolder::attempts() const {
  const auto text = wallet::read_small_file(path_ / "attempts", 32);
  const auto value = text ? Uint256::from_decimal(*text) : std::nullopt;
  return value && value->fits_u64() ? value->low_u64() : 0;
}

bool JobFolder::is_running() const { return wallet::FileLock::is_held(lock()); }

void JobFolder::clear_work() const {
  std::error_code ignored;  // what cannot be deleted now is deleted with the folder
  std::filesystem::remove_all(work(), ignored);
  std::filesystem::remove(input(), ignored);
}

void JobFolder::remove() const {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace aitbc::agent
