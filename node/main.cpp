// aitbc-node: the command line of the validator and full node.
#include <CLI/CLI.hpp>
#include <cstdio>

#include "node/commands/commands.hpp"
#include "node/config.hpp"
#include "node/version.hpp"

namespace {

using namespace aitbc;

constexpr const char* kFooter =
    R"(Settings come from the file given with --config (TOML), the environment (AITBC_...) and flags, each overriding the one
before; `aitbc-node config check` shows the result with every setting's meaning.

Exit status: 0 done or stopped by a signal, 1 refused or invalid, 2 wrong flags, settings or genesis file,
3 the disk failed or the database is damaged, 4 the database is in use or belongs to another chain,
or what was to be made is there already, 130 interrupted.)";

// Values given on the command line, by setting.
struct SettingFlags {
  std::string config_file;
  std::vector<std::pair<const Setting*, std::string>> values;
};

void add_setting_flags(CLI::App& app, SettingFlags& flags) {
  app.add_option("--config", flags.config_file, "configuration file (TOML)");
  flags.values.reserve(settings().size());  // options keep references into it
  for (const Setting& setting : settings()) {
    auto& slot = flags.values.emplace_back(&setting, "");
    app.add_option(setting.flag_name(), slot.second, setting.help)
        ->group(std::string_view(setting.name).find('.') == std::string_view::npos ? "Files" : "Settings");
  }
}

Result<NodeConfig> load_config(CLI::App& command, const SettingFlags& flags) {
  NodeConfig config;
  if (!flags.config_file.empty()) AITBC_TRY(apply_file(config, flags.config_file));
  AITBC_TRY(apply_environment(config));
  for (const auto& [setting, value] : flags.values)
    if (command.count(setting->flag_name()) > 0) AITBC_TRY(apply_setting(config, setting->name, value));
  return config;
}

// A sub-command that works on a node's files: gets every setting as a flag.
void configured(CLI::App& parent, const char* name, const char* help, int& status,
                const std::function<std::function<int(const NodeConfig&)>(CLI::App&)>& prepare) {
  CLI::App* command = parent.add_subcommand(name, help);
  auto flags = std::make_shared<SettingFlags>();
  add_setting_flags(*command, *flags);
  const auto action = prepare(*command);
  command->callback([command, flags, action, &status] {
    const auto config = load_config(*command, *flags);
    if (!config) {
      status = commands::report(config.error());
      return;
    }
    log::init(config->log);
    status = action(*config);
  });
}

void add_transfer_commands(CLI::App& app, int& status) {
  configured(
      app, "export", "write blocks to a file (the node must be stopped)", status, [](CLI::App& command) {
        auto options = std::make_shared<commands::ExportOptions>();
        command.add_option("file", options->file, "file to write")->required();
        command.add_option("--first", options->first, "first block")->capture_default_str();
        command.add_option("--last", options->last, "last block; default: the head");
        return [options](const NodeConfig& config) { return commands::export_blocks(config, *options); };
      });
  configured(app, "import", "verify and add the blocks of an exported file (the node must be stopped)",
             status, [](CLI::App& command) {
               auto file = std::make_shared<std::filesystem::path>();
               command.add_option("file", *file, "file to read")->required();
               return [file](const NodeConfig& config) { return commands::import_blocks(config, *file); };
             });
}

void add_backup_commands(CLI::App& app, int& status) {
  CLI::App* backup = app.add_subcommand("backup", "copy the database, restore a copy")->require_subcommand(1);
  const auto add = [&](const char* name, const char* help,
                       int (*act)(const NodeConfig&, const std::filesystem::path&)) {
    configured(*backup, name, help, status, [act](CLI::App& command) {
      auto folder = std::make_shared<std::filesystem::path>();
      command.add_option("folder", *folder, "folder of the backup")->required();
      return [folder, act](const NodeConfig& config) { return act(config, *folder); };
    });
  };
  add("create", "copy the database of a node that may be running, and verify the copy",
      &commands::backup_create);
  add("restore", "make the data directory's database of a backup, and verify it", &commands::backup_restore);
}

void add_api_key_commands(CLI::App& app, int& status) {
  CLI::App* keys =
      app.add_subcommand("api-key", "who may have this node sign for REST")->require_subcommand(1);
  configured(
      *keys, "create", "make an API key for a wallet; it is printed once", status, [](CLI::App& command) {
        auto options = std::make_shared<commands::ApiKeyOptions>();
        command.add_option("name", options->name, "name of the key, in audit lines")->required();
        command.add_option("--wallet", options->wallet, "wallet to sign with")->required();
        command.add_option("--wallet-dir", options->wallet_dir,
                           "where it is; default: AITBC_WALLET_DIR or ~/.aitbc/wallets");
        command.add_option("--password-file", options->password_file,
                           "file of its password; default: AITBC_PASSWORD or a prompt");
        command.add_option("--days", options->days, "days until the key expires; 0: it does not")
            ->check(CLI::Range(0, 36'500))
            ->capture_default_str();
        return [options](const NodeConfig& config) { return commands::api_key_create(config, *options); };
      });
  configured(*keys, "list", "names, wallets, ages and ends of the keys", status, [](CLI::App&) {
    return [](const NodeConfig& config) { return commands::api_key_list(config); };
  });
  configured(*keys, "revoke", "make a key worthless", status, [](CLI::App& command) {
    auto name = std::make_shared<std::string>();
    command.add_option("name", *name, "name of the key")->required();
    return [name](const NodeConfig& config) { return commands::api_key_revoke(config, *name); };
  });
}

void add_devnet_command(CLI::App& app, int& status) {
  configured(app, "devnet", "run a development network on this machine, with funded, publicly known accounts",
             status, [](CLI::App& command) {
               auto options = std::make_shared<commands::DevnetOptions>();
               auto port = std::make_shared<std::uint16_t>(8545);
               command.add_option("--validators", options->validators, "number of validators")
                   ->capture_default_str();
               command.add_option("--period-ms", options->period_ms, "milliseconds between blocks")
                   ->capture_default_str();
               command.add_option("--http-port", *port, "port for HTTP and WebSocket; 0 takes a free one")
                   ->capture_default_str();
               command.add_option(
                   "--wallet-dir", options->wallet_dir,
                   "where the wallet genesis-ops is made; default: AITBC_WALLET_DIR or ~/.aitbc/wallets");
               CLI::App* self = &command;
               return [options, port, self](NodeConfig config) {
                 if (self->count("--http-port") > 0) config.rpc.port = *port;
                 if (self->count("--data-dir") == 0) config.data_dir = "devnet-data";
                 return commands::devnet(std::move(config), *options);
               };
             });
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("A proof-of-authority node whose state machine is a marketplace for GPU compute.",
               "aitbc-node");
  app.footer(kFooter);
  app.require_subcommand(1);
  app.set_version_flag("--version", std::string(kClientVersion));
  int status = commands::kOk;

  configured(app, "run", "run the node until SIGINT or SIGTERM", status,
             [](CLI::App&) { return [](const NodeConfig& config) { return commands::run(config); }; });
  configured(app, "init", "make a data directory: validator key, genesis, configuration", status,
             [](CLI::App& command) {
               auto options = std::make_shared<commands::InitOptions>();
               command.add_option(
                   "--from-genesis", options->genesis,
                   "genesis file to use; default: the devnet's rules with this node as the only validator");
               return [options](const NodeConfig& config) { return commands::init(config, *options); };
             });
  add_devnet_command(app, status);
  CLI::App* config = app.add_subcommand("config", "look at the configuration")->require_subcommand(1);
  configured(*config, "check", "read the configuration as `run` would, and show it", status, [](CLI::App&) {
    return [](const NodeConfig& loaded) { return commands::config_check(loaded); };
  });
  CLI::App* db = app.add_subcommand("db", "look after the database")->require_subcommand(1);
  configured(*db, "check", "recompute every hash and root of the database (the node must be stopped)", status,
             [](CLI::App&) { return [](const NodeConfig& loaded) { return commands::db_check(loaded); }; });
  CLI::App* index = app.add_subcommand("index", "look after the search index")->require_subcommand(1);
  configured(
      *index, "rebuild", "make the search index again from the chain (the node must be stopped)", status,
      [](CLI::App&) { return [](const NodeConfig& loaded) { return commands::index_rebuild(loaded); }; });
  add_transfer_commands(app, status);
  add_backup_commands(app, status);
  add_api_key_commands(app, status);
  app.add_subcommand("version", "print the version")->callback([] { std::printf("%s\n", kClientVersion); });

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? commands::kOk : commands::kUsage;
  }
  return status;
}
