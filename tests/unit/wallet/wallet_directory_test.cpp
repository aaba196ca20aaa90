#include "wallet/wallet_directory.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <fstream>

#include "tests/support/temp_folder.hpp"
#include "wallet/files.hpp"

using namespace aitbc;
using namespace aitbc::wallet;

namespace {

const KeystoreOptions kQuick{.cost = ScryptCost{2, 1, 1}, .unlocked = false};

unsigned mode_of(const std::filesystem::path& path) {
  struct stat status {};
  REQUIRE(::stat(path.c_str(), &status) == 0);
  return status.st_mode & 0777U;
}

}  // namespace

TEST_CASE("a stored wallet is listed and opens") {
  const test::TempFolder temp;
  const WalletDirectory wallets(temp.path() / "a" / "b");
  CHECK(wallets.list().value().empty());
  const PrivateKey key = PrivateKey::generate();
  CHECK(wallets.add("zoe", key, as_bytes("p"), kQuick).value() == key.address());
  CHECK(wallets.add("adam", PrivateKey::generate(), as_bytes("p"), kQuick));
  const auto entries = wallets.list().value();
  REQUIRE(entries.size() == 2);
  CHECK(entries[0].name == "adam");
  CHECK(entries[1].name == "zoe");
  CHECK(entries[1].keystore.value().address == key.address());
  CHECK(decrypt_key(wallets.read("zoe").value(), as_bytes("p")).value().address() == key.address());
}

TEST_CASE("wallet files are readable by their owner only") {
  const test::TempFolder temp;
  const WalletDirectory wallets(temp.path() / "wallets");
  REQUIRE(wallets.add("w", PrivateKey::generate(), as_bytes("p"), kQuick));
  CHECK(mode_of(wallets.folder()) == 0700);
  CHECK(mode_of(wallets.folder() / "w.json") == 0600);
}

TEST_CASE("a wallet is never replaced and nothing is left behind by the attempt") {
  const test::TempFolder temp;
  const WalletDirectory wallets(temp.path());
  const Address first = wallets.add("w", PrivateKey::generate(), as_bytes("p"), kQuick).value();
  CHECK(wallets.add("w", PrivateKey::generate(), as_bytes("p"), kQuick).error().code == ErrorCode::conflict);
  CHECK(write_new_file(temp.path() / "w.json", "other").error().code == ErrorCode::conflict);
  CHECK(wallets.read("w").value().address == first);
  std::size_t files = 0;
  for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator(temp.path())) ++files;
  CHECK(files == 1);
}

TEST_CASE("names that would leave the folder or hide are refused") {
  const test::TempFolder temp;
  const WalletDirectory wallets(temp.path());
  for (const char* name : {"", ".", "..", ".hidden", "a/b", "../x", "a b", "a:b", "n\n"}) {
    CHECK(wallets.add(name, PrivateKey::generate(), as_bytes("p"), kQuick).error().code ==
          ErrorCode::invalid_input);
    CHECK(wallets.read(name).error().code == ErrorCode::invalid_input);
    CHECK_FALSE(wallets.contains(name));
  }
  CHECK_FALSE(check_wallet_name(std::string(65, 'a')));
  CHECK(check_wallet_name("genesis-ops"));
}

TEST_CASE("a damaged wallet is listed with what is wrong and does not hide the others") {
  const test::TempFolder temp;
  const WalletDirectory wallets(temp.path());
  REQUIRE(wallets.add("good", PrivateKey::generate(), as_bytes("p"), kQuick));
  std::ofstream(temp.path() / "bad.json") << "{}";
  const auto entries = wallets.list().value();
  REQUIRE(entries.size() == 2);
  CHECK(entries[0].keystore.error().code == ErrorCode::corruption);
  CHECK(entries[0].keystore.error().message.find("bad.json") != std::string::npos);
  CHECK(entries[1].keystore);
}

TEST_CASE("an unknown wallet is not found") {
  const test::TempFolder temp;
  CHECK(WalletDirectory(temp.path()).read("nobody").error().code == ErrorCode::not_found);
  CHECK(WalletDirectory(temp.path() / "none").read("nobody").error().code == ErrorCode::not_found);
}

TEST_CASE("the user's folder follows the environment") {
  CHECK(default_wallet_folder("/x", "/home/u") == "/x");
  CHECK(default_wallet_folder(std::nullopt, "/home/u") == "/home/u/.aitbc/wallets");
  CHECK(default_wallet_folder("", std::nullopt) == "wallets");
}

TEST_CASE("files larger than expected are not read") {
  const test::TempFolder temp;
  std::ofstream(temp.path() / "f") << "12345";
  CHECK(read_small_file(temp.path() / "f", 5).value() == "12345");
  CHECK(read_small_file(temp.path() / "f", 4).error().code == ErrorCode::limit);
  CHECK(read_small_file(temp.path(), 4).error().code == ErrorCode::io);
}
