#include "wallet/notify/config.hpp"

#include <algorithm>

#include "codec/hex.hpp"
#include "marketplace/abi.hpp"
#include "wallet/files.hpp"
#include "wallet/settings_file.hpp"

namespace aitbc::notify {
namespace {

using wallet::SettingsTable;

constexpr std::size_t kMaxUrl_bytes = 2'048;

bool is_event(const std::string& name) {
  const auto all = market::events();
  return std::any_of(all.begin(), all.end(), [&name](const auto& event) { return event.name == name; });
}

// The file's first line.
Result<std::string> first_line(const std::filesystem::path& path) {
  AITBC_ASSIGN(std::string text, wallet::read_small_file(path, kMaxUrl_bytes));
  text.erase(std::min(text.find_first_of("\r\n"), text.size()));
  return text;
}

std::string read_secret_url(SettingsTable& table, const Variables& variables) {
  const std::string variable = table.text("url-env");
  const std::filesystem::path file = table.path("url-file");
  const std::string direct = table.text("url");
  if ((direct.empty() ? 0 : 1) + (variable.empty() ? 0 : 1) + (file.empty() ? 0 : 1) != 1) {
    table.complain("url", "give one of url, url-file and url-env");
    return "";
  }
  if (!variable.empty()) {
    const auto value = variables(variable);
    if (!value || value->empty()) table.complain("url-env", "the variable " + variable + " is not set");
    return value.value_or("");
  }
  if (file.empty()) return direct;
  const auto line = first_line(file);
  if (!line) table.complain("url-file", line.error().message);
  return line.value_or("");
}

void read_url(SettingsTable& table, const Variables& variables, Channel& out) {
  const std::string text = read_secret_url(table, variables);
  const bool allow_http = table.flag("allow-http", false);
  if (text.empty()) return;
  const auto url = web::parse_url(text);
  if (!url) return table.complain("url", url.error().message);
  out.url = *url;
  if (!url->tls && !allow_http)
    table.complain("url", "must start with https:// (allow-http = true lets it pass)");
}

ChannelType read_type(SettingsTable& table) {
  const std::string type = table.required_text("type");
  if (type == "discord") return ChannelType::discord;
  if (type != "slack") table.complain("type", "takes \"slack\" or \"discord\"");
  return ChannelType::slack;
}

Channel read_channel(SettingsTable& table, const Variables& variables) {
  Channel out;
  out.name = table.required_text("name");
  const bool plain =
      out.name.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_") ==
      std::string::npos;
  if (!plain || out.name.size() > 64) table.complain("name", "takes up to 64 letters, digits, - and _");
  out.type = read_type(table);
  read_url(table, variables, out);
  out.events = table.texts("events");
  for (const std::string& event : out.events)
    if (!is_event(event)) table.complain("events", "the marketplace has no event '" + event + "'");
  for (const std::string& text : table.texts("addresses")) {
    const auto address = hex::parse_address(text);
    if (!address) table.complain("addresses", "'" + text + "' is no address: " + address.error().message);
    out.addresses.push_back(address.value_or(Address{}));
  }
  out.records = table.texts("records");
  for (const std::string& text : out.records)
    if (text.find('_') == std::string::npos) table.complain("records", "takes ids such as \"gpu_1\"");
  out.min_amount = table.ait("min-amount");
  return out;
}

}  // namespace

Result<NotifyConfig> read_config(const std::filesystem::path& file, const Variables& variables) {
  AITBC_ASSIGN(wallet::SettingsFile settings, wallet::SettingsFile::read(file));
  SettingsTable root = settings.root();
  SettingsTable general = root.table("notify");
  NotifyConfig out;
  out.state_folder = general.path("state-folder");
  if (out.state_folder.empty()) general.complain("state-folder", "is missing");
  if (general.has("from-block")) out.from_block = general.number("from-block", 0, 0, ~0ULL >> 1);
  out.poll_ms = general.milliseconds("poll-interval", 2'000, 50, 3'600'000);
  out.link = general.text("link");
  if (!out.link.empty() && (!web::parse_url(out.link) || out.link.find("{tx}") == std::string::npos))
    general.complain("link", "takes an address with {tx} in it");
  out.ca_file = general.path("ca-file").string();
  for (SettingsTable& table : root.tables("channel")) {
    Channel channel = read_channel(table, variables);
    const bool twice = std::any_of(out.channels.begin(), out.channels.end(),
                                   [&](const Channel& other) { return other.name == channel.name; });
    if (twice) table.complain("name", "is that of another channel");
    out.channels.push_back(std::move(channel));
  }
  if (out.channels.empty()) root.complain("channel", "there is no [[channel]]");
  AITBC_TRY(settings.finish());
  return out;
}

}  // namespace aitbc::notify
