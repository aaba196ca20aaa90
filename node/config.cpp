#include "node/config.hpp"

#include <toml++/toml.h>

#include <charconv>
#include <cstdlib>
#include <sstream>

namespace aitbc {
namespace {

// ---- how each kind of value is read and shown

Result<std::uint64_t> parse_number(std::string_view text, std::uint64_t low, std::uint64_t high) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || value < low || value > high)
    return fail(ErrorCode::invalid_input, "takes a whole number from " + std::to_string(low) + " to " +
                                              std::to_string(high) + ", not '" + std::string(text) + "'");
  return value;
}

struct Range {
  std::uint64_t low;
  std::uint64_t high;
};

template <class Access>
Setting number(const char* name, const char* help, Range range, Access access) {
  return {name, help,
          [=](NodeConfig& config, std::string_view text) -> Result<void> {
            AITBC_ASSIGN(const std::uint64_t value, parse_number(text, range.low, range.high));
            auto& target = access(config);
            target = static_cast<std::remove_reference_t<decltype(target)>>(value);
            return {};
          },
          [=](const NodeConfig& config) { return std::to_string(access(const_cast<NodeConfig&>(config))); }};
}

template <class Access>
Setting seconds(const char* name, const char* help, Range range, Access access) {
  return {name, help,
          [=](NodeConfig& config, std::string_view text) -> Result<void> {
            AITBC_ASSIGN(const std::uint64_t value, parse_number(text, range.low, range.high));
            access(config) = std::chrono::seconds(value);
            return {};
          },
          [=](const NodeConfig& config) {
            const auto value = access(const_cast<NodeConfig&>(config));
            return std::to_string(std::chrono::duration_cast<std::chrono::seconds>(value).count());
          }};
}

template <class Access>
Setting flag(const char* name, const char* help, Access access) {
  return {
      name, help,
      [=](NodeConfig& config, std::string_view text) -> Result<void> {
        if (text != "true" && text != "false")
          return fail(ErrorCode::invalid_input, "takes true or false, not '" + std::string(text) + "'");
        access(config) = text == "true";
        return {};
      },
      [=](const NodeConfig& config) { return access(const_cast<NodeConfig&>(config)) ? "true" : "false"; }};
}

template <class Access>
Setting path(const char* name, const char* help, Access access) {
  return {name, help,
          [=](NodeConfig& config, std::string_view text) -> Result<void> {
            access(config) = std::filesystem::path(text);
            return {};
          },
          [=](const NodeConfig& config) { return access(const_cast<NodeConfig&>(config)).string(); }};
}

template <class Access>
Setting text(const char* name, const char* help, Access access) {
  return {name, help,
          [=](NodeConfig& config, std::string_view value) -> Result<void> {
            access(config) = std::string(value);
            return {};
          },
          [=](const NodeConfig& config) { return access(const_cast<NodeConfig&>(config)); }};
}

// Separated by commas; empty for none.
template <class Access>
Setting list(const char* name, const char* help, Access access) {
  return {name, help,
          [=](NodeConfig& config, std::string_view value) -> Result<void> {
            auto& target = access(config);
            target.clear();
            while (!value.empty()) {
              const std::size_t comma = value.find(',');
              if (comma != 0) target.emplace_back(value.substr(0, comma));
              value = comma == std::string_view::npos ? std::string_view() : value.substr(comma + 1);
            }
            return {};
          },
          [=](const NodeConfig& config) {
            std::string joined;
            for (const std::string& item : access(const_cast<NodeConfig&>(config)))
              joined += (joined.empty() ? "" : ",") + item;
            return joined;
          }};
}

constexpr std::uint64_t kAny = std::numeric_limits<std::uint32_t>::max();

Setting log_level() {
  return {"log.level", "debug, info, warning or error",
          [](NodeConfig& config, std::string_view value) -> Result<void> {
            AITBC_ASSIGN(config.log.level, log::parse_level(value));
            return {};
          },
          [](const NodeConfig& config) -> std::string {
            switch (config.log.level) {
              case log::Level::debug:
                return "debug";
              case log::Level::info:
                return "info";
              case log::Level::warning:
                return "warning";
              case log::Level::error:
                return "error";
            }
            return "info";
          }};
}

Setting log_format() {
  return {"log.format", "text, json, or auto: text on a terminal, JSON otherwise",
          [](NodeConfig& config, std::string_view value) -> Result<void> {
            AITBC_ASSIGN(config.log.format, log::parse_format(value));
            return {};
          },
          [](const NodeConfig& config) -> std::string {
            switch (config.log.format) {
              case log::Format::automatic:
                return "auto";
              case log::Format::text:
                return "text";
              case log::Format::json:
                return "json";
            }
            return "auto";
          }};
}

Setting sync_mode() {
  return {"sync.mode",
          "full: execute every block; snapshot: an empty node starts from the state of a recent block",
          [](NodeConfig& config, std::string_view value) -> Result<void> {
            if (value != "full" && value != "snapshot")
              return fail(ErrorCode::invalid_input,
                          "takes full or snapshot, not '" + std::string(value) + "'");
            config.sync_mode = value == "full" ? SyncMode::full : SyncMode::snapshot;
            return {};
          },
          [](const NodeConfig& config) -> std::string {
            return config.sync_mode == SyncMode::full ? "full" : "snapshot";
          }};
}

Setting history_blocks() {
  return {"chain.history-blocks", "blocks behind the head whose state stays readable; 0 keeps all of them",
          [](NodeConfig& config, std::string_view value) -> Result<void> {
            AITBC_ASSIGN(const std::uint64_t blocks, parse_number(value, 0, kAny));
            config.chain.history_blocks = blocks == 0 ? std::nullopt : std::optional<Height>(blocks);
            return {};
          },
          [](const NodeConfig& config) { return std::to_string(config.chain.history_blocks.value_or(0)); }};
}

Setting trie_cache() {
  return {"chain.trie-cache-mb", "memory for state trie nodes, in MiB",
          [](NodeConfig& config, std::string_view value) -> Result<void> {
            AITBC_ASSIGN(const std::uint64_t megabytes, parse_number(value, 1, 65'536));
            config.chain.trie_cache_bytes = static_cast<std::size_t>(megabytes) << 20;
            return {};
          },
          [](const NodeConfig& config) { return std::to_string(config.chain.trie_cache_bytes >> 20); }};
}

std::vector<Setting> make_settings() {
  return {
      path(
          "data-dir", "folder of the database, key and genesis",
          [](NodeConfig & c) -> auto& { return c.data_dir; }),
      path(
          "genesis", "genesis file; default: genesis.json in the data directory",
          [](NodeConfig & c) -> auto& { return c.genesis_file; }),
      path(
          "key-file", "validator key; default: validator.key in the data directory, if it is there",
          [](NodeConfig & c) -> auto& { return c.key_file; }),
      path(
          "ready-file", "file to write the served address to, once requests are answered",
          [](NodeConfig & c) -> auto& { return c.ready_file; }),
      log_level(),
      log_format(),
      flag(
          "rpc.enabled", "serve JSON-RPC over HTTP and WebSocket",
          [](NodeConfig & c) -> auto& { return c.rpc_enabled; }),
      text(
          "rpc.address", "address to listen on", [](NodeConfig & c) -> auto& { return c.rpc.address; }),
      number(
          "rpc.port", "port to listen on; 0 takes any free one", {0, 65'535},
          [](NodeConfig & c) -> auto& { return c.rpc.port; }),
      text(
          "rpc.tls-certificate", "PEM file of the certificate and those that vouch for it; empty: no TLS",
          [](NodeConfig & c) -> auto& { return c.rpc.tls_certificate_file; }),
      text(
          "rpc.tls-key", "PEM file of the certificate's key; with both, the port speaks HTTPS and WSS only",
          [](NodeConfig & c) -> auto& { return c.rpc.tls_key_file; }),
      number(
          "rpc.threads", "threads that serve connections", {1, 256},
          [](NodeConfig & c) -> auto& { return c.rpc.threads; }),
      number(
          "rpc.max-connections", "connections served at a time", {1, 65'536},
          [](NodeConfig & c) -> auto& { return c.rpc.max_connections; }),
      number(
          "rpc.max-body-bytes", "largest request", {1024, kAny},
          [](NodeConfig & c) -> auto& { return c.rpc.max_body_bytes; }),
      seconds(
          "rpc.idle-timeout", "seconds a connection may rest between requests", {1, 86'400},
          [](NodeConfig & c) -> auto& { return c.rpc.idle_timeout; }),
      seconds(
          "rpc.body-timeout", "seconds a request's body may take to arrive", {1, 86'400},
          [](NodeConfig & c) -> auto& { return c.rpc.body_timeout; }),
      list(
          "rpc.cors-origins", "origins whose web pages may call, separated by commas; * for all; empty: none",
          [](NodeConfig & c) -> auto& { return c.rpc.cors_origins; }),
      list(
          "rpc.allowed-hosts",
          "Host names to answer to, separated by commas; * for all; IP addresses always pass",
          [](NodeConfig & c) -> auto& { return c.rpc.allowed_hosts; }),
      flag(
          "rest.enabled", "serve REST (/v1, /openapi.json) on the same port",
          [](NodeConfig & c) -> auto& { return c.rest_enabled; }),
      flag(
          "rest.hosted-wallets", "sign for whoever has an API key (aitbc-node api-key)",
          [](NodeConfig & c) -> auto& { return c.rest.hosted_wallets; }),
      path(
          "rest.api-keys", "file of API keys; default: api-keys.json in the data directory",
          [](NodeConfig & c) -> auto& { return c.rest.api_keys_file; }),
      number(
          "rest.requests-per-minute", "writes of one API key in a minute", {1, 1'000'000},
          [](NodeConfig & c) -> auto& { return c.rest.requests_per_minute; }),
      flag(
          "metrics.enabled", "serve Prometheus metrics at /metrics on the same port",
          [](NodeConfig & c) -> auto& { return c.metrics_enabled; }),
      sync_mode(),
      text(
          "p2p.listen",
          "HOST:PORT to take connections of other nodes on; :PORT for every address; empty: none are taken",
          [](NodeConfig & c) -> auto& { return c.p2p.listen; }),
      list(
          "p2p.static-peers", "nodes to stay connected with, enode://ID@HOST:PORT, separated by commas",
          [](NodeConfig & c) -> auto& { return c.p2p.static_peers; }),
      number(
          "p2p.max-peers", "connected nodes at most; static ones come on top", {1, 256},
          [](NodeConfig & c) -> auto& { return c.p2p.max_peers; }),
      flag(
          "p2p.peer-exchange", "connect to nodes that peers tell of, too",
          [](NodeConfig & c) -> auto& { return c.p2p.peer_exchange; }),
      number(
          "mempool.max-transactions", "pooled transactions at most", {1, 10'000'000},
          [](NodeConfig & c) -> auto& { return c.mempool.max_transactions; }),
      number(
          "mempool.max-bytes", "bytes of pooled transactions at most", {1 << 20, std::uint64_t{1} << 40},
          [](NodeConfig & c) -> auto& { return c.mempool.max_bytes; }),
      number(
          "mempool.max-per-sender", "pooled transactions of one sender at most", {1, 10'000'000},
          [](NodeConfig & c) -> auto& { return c.mempool.max_transactions_per_sender; }),
      seconds(
          "mempool.lifetime", "seconds a transaction may wait for a block", {1, kAny},
          [](NodeConfig & c) -> auto& { return c.mempool.lifetime; }),
      history_blocks(),
      trie_cache(),
      number(
          "chain.block-cache-mb", "memory for database blocks, in MiB", {1, 65'536},
          [](NodeConfig & c) -> auto& { return c.block_cache_mb; }),
  };
}

std::string replaced(std::string_view name, char from, char to) {
  std::string out(name);
  std::replace(out.begin(), out.end(), from, to);
  return out;
}

// The text that a TOML value would be as an environment variable or a flag.
Result<std::string> value_text(const toml::node& node) {
  if (const auto* value = node.as_string()) return value->get();
  if (const auto* value = node.as_integer()) return std::to_string(value->get());
  if (const auto* value = node.as_boolean()) return std::string(value->get() ? "true" : "false");
  const auto* array = node.as_array();
  if (array == nullptr)
    return fail(ErrorCode::invalid_input, "takes a string, a number, true or false, or a list of strings");
  std::string joined;
  for (const toml::node& item : *array) {
    if (!item.is_string()) return fail(ErrorCode::invalid_input, "takes a list of strings");
    joined += (joined.empty() ? "" : ",") + item.as_string()->get();
  }
  return joined;
}

Result<void> apply_table(NodeConfig& config, const toml::table& table, const std::string& prefix) {
  for (const auto& [key, node] : table) {
    const std::string name = prefix + std::string(key.str());
    if (const auto* inner = node.as_table(); inner != nullptr && prefix.empty()) {
      AITBC_TRY(apply_table(config, *inner, name + "."));
      continue;
    }
    auto value = value_text(node);
    if (!value) return fail(ErrorCode::invalid_input, name + " " + value.error().message);
    AITBC_TRY(apply_setting(config, name, *value));
  }
  return {};
}

// Numbers and booleans as they are, everything else as a string.
std::string toml_literal(const std::string& value) {
  std::int64_t number = 0;  // the digits of a file's name may be no number that TOML takes
  std::from_chars(value.data(), value.data() + value.size(), number);
  if (std::to_string(number) == value || value == "true" || value == "false") return value;
  std::ostringstream quoted;
  quoted << toml::value<std::string>(value);
  return quoted.str();
}

}  // namespace

std::string Setting::environment_name() const {
  std::string out = "AITBC_";
  for (const char c : std::string_view(name))
    out.push_back(c == '.' || c == '-' ? '_'
                                       : static_cast<char>(std::toupper(static_cast<unsigned char>(c))));
  return out;
}

std::string Setting::flag_name() const { return "--" + replaced(name, '.', '-'); }

std::span<const Setting> settings() {
  static const std::vector<Setting> all = make_settings();
  return all;
}

Result<void> apply_setting(NodeConfig& config, std::string_view name, std::string_view value) {
  for (const Setting& setting : settings()) {
    if (setting.name != name) continue;
    auto applied = setting.set(config, value);
    if (!applied) return fail(ErrorCode::invalid_input, std::string(name) + " " + applied.error().message);
    return {};
  }
  return fail(ErrorCode::invalid_input, "there is no setting '" + std::string(name) + "'");
}

Result<void> apply_file(NodeConfig& config, const std::filesystem::path& file) {
  if (!std::filesystem::exists(file))
    return fail(ErrorCode::invalid_input, "there is no file " + file.string());
  try {
    auto applied = apply_table(config, toml::parse_file(file.string()), "");
    if (!applied) return fail(ErrorCode::invalid_input, file.string() + ": " + applied.error().message);
    return {};
  } catch (const toml::parse_error& error) {
    return fail(ErrorCode::invalid_input, file.string() + ":" + std::to_string(error.source().begin.line) +
                                              ": " + std::string(error.description()));
  }
}

Result<void> apply_environment(NodeConfig& config) {
  for (const Setting& setting : settings()) {
    const std::string name = setting.environment_name();
    const char* value = std::getenv(name.c_str());  // NOLINT(concurrency-mt-unsafe): before any thread starts
    if (value == nullptr) continue;
    if (auto applied = setting.set(config, value); !applied)
      return fail(ErrorCode::invalid_input, name + " " + applied.error().message);
  }
  return {};
}

std::string render_config(const NodeConfig& config) {
  std::ostringstream out;
  std::string section;
  for (const Setting& setting : settings()) {
    const std::string name = setting.name;
    const std::size_t dot = name.find('.');
    const std::string own_section = dot == std::string::npos ? "" : name.substr(0, dot);
    if (own_section != section) out << "\n[" << own_section << "]\n";
    section = own_section;
    out << "# " << setting.help << "\n" << name.substr(dot == std::string::npos ? 0 : dot + 1) << " = ";
    out << toml_literal(setting.show(config)) << "\n";
  }
  return out.str();
}

}  // namespace aitbc
