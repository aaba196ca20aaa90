// devnet: a development network on this machine; one validator in this process, or several in processes of
// their own.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

#include "codec/hex.hpp"
#include "node/commands/commands.hpp"
#include "node/commands/devnet_wallet.hpp"
#include "node/commands/process_group.hpp"
#include "node/data_directory.hpp"
#include "node/p2p/node_address.hpp"

namespace aitbc::commands {
namespace {

namespace fs = std::filesystem;

constexpr unsigned kMaxValidators = 32;

// One validator lives in the data directory itself, several in folders below it.
fs::path folder_of(const NodeConfig& config, const DevnetOptions& options, unsigned index) {
  return options.validators == 1 ? config.data_dir
                                 : config.data_dir / ("validator-" + std::to_string(index + 1));
}

Result<std::vector<Address>> make_keys(const NodeConfig& config, const DevnetOptions& options) {
  std::vector<Address> validators;
  for (unsigned i = 0; i < options.validators; ++i) {
    AITBC_ASSIGN(const PrivateKey key, ensure_key_file(folder_of(config, options, i) / "validator.key"));
    validators.push_back(key.address());
  }
  return validators;
}

// What the folder holds stays; a network of other rules is not made of it.
Result<void> check_same_network(const fs::path& file, const genesis::Genesis& wanted) {
  AITBC_ASSIGN(const genesis::Genesis existing, read_genesis_file(file));
  if (existing.qbft.block_period_ms != wanted.qbft.block_period_ms)
    return fail(ErrorCode::conflict, file.parent_path().string() + " holds a devnet with a period of " +
                                         std::to_string(existing.qbft.block_period_ms) +
                                         " ms; give that period, another --data-dir, or remove the folder");
  if (existing.extra_data != wanted.extra_data)
    return fail(ErrorCode::conflict, file.parent_path().string() +
                                         " holds a devnet of other validators; give their number, another "
                                         "--data-dir, or remove the folder");
  return {};
}

Result<void> prepare(const NodeConfig& config, const DevnetOptions& options) {
  if (options.validators < 1 || options.validators > kMaxValidators)
    return fail(ErrorCode::invalid_input, "--validators takes 1 to " + std::to_string(kMaxValidators));
  if (config.rpc.port > 65'536 - options.validators)
    return fail(ErrorCode::invalid_input, "--http-port leaves no room for a port of each validator");
  if (options.period_ms < 10 || options.period_ms > 3'600'000)
    return fail(ErrorCode::invalid_input, "--period-ms takes 10 to 3600000");
  const bool is_single = fs::exists(config.data_dir / "genesis.json");
  const bool is_several = fs::exists(config.data_dir / "validator-1");
  if ((is_single && options.validators > 1) || (is_several && options.validators == 1))
    return fail(ErrorCode::conflict, config.data_dir.string() +
                                         " holds a devnet of another number of validators; give that number, "
                                         "another --data-dir, or remove the folder");
  AITBC_ASSIGN(const std::vector<Address> validators, make_keys(config, options));
  AITBC_ASSIGN(const genesis::Genesis genesis, devnet_genesis(validators, options.period_ms));
  for (unsigned i = 0; i < options.validators; ++i) {
    const fs::path file = folder_of(config, options, i) / "genesis.json";
    if (fs::exists(file)) {
      AITBC_TRY(check_same_network(file, genesis));
    } else {
      AITBC_TRY(write_text_file(file, genesis::render_genesis(genesis), {}));
    }
  }
  return {};
}

void print_accounts(const fs::path& wallet_dir) {
  const auto genesis = genesis::parse_genesis(genesis::devnet_json());
  std::printf("Funded accounts. UNSAFE: their keys are public; never send anything of value to them.\n");
  for (const auto& [address, entry] : genesis->alloc)
    std::printf("  %s  %s AIT  %s\n", hex::checksummed(address).c_str(), to_ait_string(entry.balance).c_str(),
                entry.comment.c_str());
  std::printf("Mnemonic: %s\n", kDevnetMnemonic);
  std::printf("Wallet:   %s, password %s, in %s\n", kDevnetWallet, kDevnetPassword, wallet_dir.c_str());
}

fs::path default_wallet_dir() {
  // NOLINTBEGIN(concurrency-mt-unsafe): before any thread starts
  if (const char* chosen = std::getenv("AITBC_WALLET_DIR")) return chosen;
  const char* home = std::getenv("HOME");
  // NOLINTEND(concurrency-mt-unsafe)
  return fs::path(home != nullptr ? home : ".") / ".aitbc" / "wallets";
}

// ---- several validators

// Ports that nobody uses now. All are held until all are found.
Result<std::vector<std::uint16_t>> free_ports(unsigned count) {
  std::vector<std::uint16_t> ports;
  std::vector<int> sockets;
  for (unsigned i = 0; i < count; ++i) {
    const int descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockets.push_back(descriptor);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    if (::bind(descriptor, reinterpret_cast<const sockaddr*>(&address), size) == 0 &&
        ::getsockname(descriptor, reinterpret_cast<sockaddr*>(&address), &size) == 0)
      ports.push_back(ntohs(address.sin_port));
  }
  for (const int descriptor : sockets) ::close(descriptor);
  if (ports.size() < count) return fail(ErrorCode::io, "there are no free ports on this machine");
  return ports;
}

// The configuration of each validator: the devnet's own, in a folder and on ports of its own, with all the
// others as peers.
Result<std::vector<NodeConfig>> configurations(const NodeConfig& config, const DevnetOptions& options) {
  AITBC_ASSIGN(const auto ports, free_ports(options.validators));
  std::vector<NodeConfig> all(options.validators, config);
  std::vector<std::string> enodes;
  for (unsigned i = 0; i < options.validators; ++i) {
    NodeConfig& own = all[i];
    own.data_dir = folder_of(config, options, i);
    own.ready_file = own.data_dir / "ready";
    if (config.rpc.port != 0) own.rpc.port = static_cast<std::uint16_t>(config.rpc.port + i);
    own.p2p.listen = p2p::host_and_port("127.0.0.1", ports[i]);
    AITBC_ASSIGN(const PrivateKey key, ensure_key_file(own.data_dir / "node.key"));
    enodes.push_back(p2p::to_enode({key.public_key(), "127.0.0.1", ports[i]}));
  }
  for (unsigned i = 0; i < options.validators; ++i)
    for (unsigned other = 0; other < options.validators; ++other)
      if (other != i) all[i].p2p.static_peers.push_back(enodes[other]);
  return all;
}

Result<void> start_all(ProcessGroup& group, const std::vector<NodeConfig>& all) {
  for (const NodeConfig& own : all) {
    std::error_code ignored;
    fs::remove(own.ready_file, ignored);
    const fs::path file = own.data_dir / "aitbc-node.toml";
    AITBC_TRY(write_text_file(file, render_config(own), {.overwrite = true, .secret = false}));
    AITBC_TRY(group.start(own.data_dir.filename(), {"run", "--config", file}, own.data_dir / "node.log"));
  }
  return {};
}

// False when asked to stop, or when one of them did not come up.
bool await_ready(ProcessGroup& group, const std::vector<NodeConfig>& all) {
  bool has_failed = false;
  const auto on_ended = [&](const std::string& name, const std::string& how) {
    std::fprintf(stderr, "error: %s %s; see its node.log\n", name.c_str(), how.c_str());
    has_failed = true;
  };
  const auto is_ready = [](const NodeConfig& own) { return fs::exists(own.ready_file); };
  while (!std::all_of(all.begin(), all.end(), is_ready))
    if (group.wait(20, on_ended) || has_failed) return false;
  return true;
}

// What the environment says is in the configuration by now, and would override each validator's own.
void clear_environment() {
  for (const Setting& setting : settings())
    ::unsetenv(
        setting.environment_name().c_str());  // NOLINT(concurrency-mt-unsafe): before any thread starts
}

int run_several(const NodeConfig& config, const DevnetOptions& options) {
  clear_environment();
  auto all = configurations(config, options);
  if (!all) return report(all.error());
  ProcessGroup group;
  if (const auto started = start_all(group, *all); !started) return report(started.error());
  if (!await_ready(group, *all)) return kFailure;
  std::string first;
  for (const NodeConfig& own : *all) {
    std::string url = read_text_file(own.ready_file).value_or("");
    while (!url.empty() && url.back() == '\n') url.pop_back();
    if (first.empty()) first = url;
    std::printf("%s: %s, log in %s\n", own.data_dir.filename().c_str(), url.c_str(),
                (own.data_dir / "node.log").c_str());
  }
  announce_ready(config, first);
  const auto on_ended = [](const std::string& name, const std::string& how) {
    std::fprintf(stderr, "%s %s\n", name.c_str(), how.c_str());
  };
  while (!group.wait(60'000, on_ended)) {
  }
  const bool have_all_ended = group.is_empty();
  group.stop();
  return have_all_ended ? kFailure : kOk;
}

}  // namespace

int devnet(NodeConfig config, const DevnetOptions& options) {
  if (auto prepared = prepare(config, options); !prepared) return report(prepared.error());
  const fs::path wallet_dir = options.wallet_dir.empty() ? default_wallet_dir() : options.wallet_dir;
  if (auto made = make_devnet_wallet(wallet_dir); !made) return report(made.error());
  config.rest.hosted_wallets = true;
  config.rest.api_keys_file = fs::absolute(config.api_keys_path());
  if (auto made = make_devnet_api_keys(config.rest.api_keys_file); !made) return report(made.error());
  print_accounts(wallet_dir);
  std::printf("API keys: aitbc_devnet_account-0 to -9 and aitbc_devnet_%s\n", kDevnetWallet);
  std::fflush(stdout);
  config.announce = "devnet ready";
  return options.validators == 1 ? run(config) : run_several(config, options);
}

}  // namespace aitbc::commands
