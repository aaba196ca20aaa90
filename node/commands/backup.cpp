// backup create, backup restore: a copy of the database at one block, made while the node runs.
#include <cinttypes>
#include <cstdio>

#include "codec/hex.hpp"
#include "node/commands/commands.hpp"
#include "node/control_socket.hpp"
#include "node/data_directory.hpp"
#include "node/opened_chain.hpp"
#include "storage/rocks_store.hpp"

namespace aitbc::commands {
namespace {

namespace fs = std::filesystem;

// By the running node, or by this process when none runs.
Result<void> checkpoint(const NodeConfig& config, const fs::path& folder) {
  const auto asked = ask_control_socket(config.control_path(), "backup " + folder.string());
  if (asked) return {};
  if (asked.error().code != ErrorCode::unavailable) return fail(asked.error());
  RocksOptions options;
  options.create_if_missing = false;
  AITBC_ASSIGN(const std::unique_ptr<Store> store, open_rocks_store(config.database_path(), options));
  return checkpoint_rocks_store(*store, folder);
}

Result<void> copy_text(const fs::path& from, const fs::path& to) {
  AITBC_ASSIGN(const std::string text, read_text_file(from));
  return write_text_file(to, text, {});
}

// Opens what was copied, and reads every block of every file.
Result<void> verify(const fs::path& folder, const char* what) {
  NodeConfig config;
  config.data_dir = folder;
  AITBC_ASSIGN(const auto opened, open_chain(config, OpenMode::follower));
  AITBC_TRY(verify_rocks_checksums(*opened->store));
  const chain::ChainViewPtr view = opened->chain->view();
  std::printf("%s %s: block %" PRIu64 " %s\n", what, folder.c_str(), view->head.number,
              hex::encode_prefixed(view->head_hash).c_str());
  return {};
}

Result<void> create(const NodeConfig& config, const fs::path& folder) {
  if (fs::exists(folder)) return fail(ErrorCode::conflict, folder.string() + " exists already");
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) return fail(ErrorCode::io, "cannot create " + folder.string() + ": " + error.message());
  AITBC_TRY(checkpoint(config, folder / "db"));
  AITBC_TRY(copy_text(config.genesis_path(), folder / "genesis.json"));
  return verify(folder, "backed up to");
}

Result<void> restore(const NodeConfig& config, const fs::path& folder) {
  if (!fs::exists(folder / "db") || !fs::exists(folder / "genesis.json"))
    return fail(ErrorCode::invalid_input,
                folder.string() + " is not a backup: it has no db and genesis.json");
  if (fs::exists(config.database_path()))
    return fail(ErrorCode::conflict, config.data_dir.string() + " has a database; move it away first");
  std::error_code error;
  fs::create_directories(config.data_dir, error);
  if (!error) fs::copy(folder / "db", config.database_path(), fs::copy_options::recursive, error);
  if (error) return fail(ErrorCode::io, "cannot copy the database: " + error.message());
  if (!fs::exists(config.genesis_path()))
    AITBC_TRY(copy_text(folder / "genesis.json", config.genesis_path()));
  return verify(config.data_dir, "restored");
}

// What was made of a backup or restore that failed is removed: nobody takes it for a good one.
int finish(const Result<void>& done, const fs::path& made, bool was_there) {
  if (done) return kOk;
  std::error_code ignored;
  if (!was_there) fs::remove_all(made, ignored);
  return report(done.error());
}

}  // namespace

int backup_create(const NodeConfig& config, const fs::path& folder) {
  const fs::path absolute = fs::absolute(folder);
  const bool was_there = fs::exists(absolute);
  return finish(create(config, absolute), absolute, was_there);
}

int backup_restore(const NodeConfig& config, const fs::path& folder) {
  const bool was_there = fs::exists(config.database_path());
  return finish(restore(config, folder), config.database_path(), was_there);
}

}  // namespace aitbc::commands
