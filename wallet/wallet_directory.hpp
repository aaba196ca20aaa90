// A folder of named wallets: one keystore file each, NAME.json.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "crypto/secp256k1.hpp"
#include "wallet/keystore.hpp"

namespace aitbc::wallet {

struct WalletEntry {
  std::string name;
  // What the file holds, or why it cannot be read.
  Result<Keystore> keystore;
};

// Several processes may use one folder: files appear whole and are never changed.
class WalletDirectory {
 public:
  // The folder need not exist; the first wallet creates it with mode 0700.
  explicit WalletDirectory(std::filesystem::path folder) : folder_(std::move(folder)) {}

  const std::filesystem::path& folder() const { return folder_; }
  // Sorted by name; empty when there is no folder.
  Result<std::vector<WalletEntry>> list() const;
  bool contains(const std::string& name) const;
  // Whether anybody but the owner may read the wallet's file.
  bool is_exposed(const std::string& name) const;
  // Fails (invalid_input) on a bad name, (not_found) when there is no such wallet, and as parse_keystore().
  Result<Keystore> read(const std::string& name) const;
  // Encrypts and stores a key. Fails (conflict) when the name is taken.
  Result<Address> add(const std::string& name, const PrivateKey& key, ByteView password,
                      const KeystoreOptions& options = {}) const;
  // Stores a keystore made elsewhere, as it is. Fails (conflict) when the name is taken.
  Result<void> store(const std::string& name, const Keystore& keystore) const;

 private:
  std::filesystem::path file_of(const std::string& name) const { return folder_ / (name + ".json"); }
  std::filesystem::path folder_;
};

// 1 to 64 letters, digits, '-', '_' and '.', not starting with '.'.
Result<void> check_wallet_name(const std::string& name);

// The folder of a user: AITBC_WALLET_DIR's value if given, else HOME/.aitbc/wallets, else ./wallets.
std::filesystem::path default_wallet_folder(const std::optional<std::string>& aitbc_wallet_dir,
                                            const std::optional<std::string>& home);

}  // namespace aitbc::wallet
