#include "wallet/wallet_directory.hpp"

#include <algorithm>
#include <system_error>

#include "wallet/files.hpp"

namespace aitbc::wallet {
namespace {

constexpr std::size_t kMaxKeystore_bytes = 64 * 1024;
constexpr std::size_t kMaxNameLength = 64;

bool is_name_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
         c == '.';
}

Result<void> create_folder(const std::filesystem::path& folder) {
  std::error_code error;
  if (std::filesystem::is_directory(folder, error)) return {};
  std::filesystem::create_directories(folder, error);
  if (!error) std::filesystem::permissions(folder, std::filesystem::perms::owner_all, error);
  if (error)
    return fail(ErrorCode::io, "cannot create the folder " + folder.string() + ": " + error.message());
  return {};
}

}  // namespace

Result<void> check_wallet_name(const std::string& name) {
  const bool well_formed = !name.empty() && name.size() <= kMaxNameLength && name[0] != '.' &&
                           std::all_of(name.begin(), name.end(), is_name_character);
  if (well_formed) return {};
  return fail(ErrorCode::invalid_input,
              "'" + name +
                  "' cannot name a wallet: use 1 to 64 letters, digits, '-', '_' and "
                  "'.', not starting with '.'");
}

bool WalletDirectory::contains(const std::string& name) const {
  std::error_code error;
  return check_wallet_name(name) && std::filesystem::exists(file_of(name), error);
}

bool WalletDirectory::is_exposed(const std::string& name) const {
  return check_wallet_name(name) && others_may_read(file_of(name));
}

Result<Keystore> WalletDirectory::read(const std::string& name) const {
  AITBC_TRY(check_wallet_name(name));
  const auto text = read_small_file(file_of(name), kMaxKeystore_bytes);
  if (!text && text.error().code == ErrorCode::not_found)
    return fail(ErrorCode::not_found, "there is no wallet '" + name + "' in " + folder_.string());
  if (!text) return fail(text.error());
  auto keystore = parse_keystore(*text);
  if (!keystore) return fail(keystore.error().code, file_of(name).string() + ": " + keystore.error().message);
  return keystore;
}

Result<std::vector<WalletEntry>> WalletDirectory::list() const {
  std::vector<WalletEntry> out;
  std::error_code error;
  if (!std::filesystem::exists(folder_, error)) return out;
  const auto entries = std::filesystem::directory_iterator(folder_, error);
  if (error)
    return fail(ErrorCode::io, "cannot read the folder " + folder_.string() + ": " + error.message());
  for (const auto& entry : entries) {
    const std::string name = entry.path().stem().string();
    if (entry.path().extension() != ".json" || !check_wallet_name(name)) continue;
    out.push_back({name, read(name)});
  }
  std::sort(out.begin(), out.end(),
            [](const WalletEntry& a, const WalletEntry& b) { return a.name < b.name; });
  return out;
}

Result<void> WalletDirectory::store(const std::string& name, const Keystore& keystore) const {
  AITBC_TRY(check_wallet_name(name));
  AITBC_TRY(create_folder(folder_));
  return write_new_file(file_of(name), to_json(keystore) + "\n");
}

Result<Address> WalletDirectory::add(const std::string& name, const PrivateKey& key, ByteView password,
                                     const KeystoreOptions& options) const {
  AITBC_TRY(check_wallet_name(name));
  // Asked before the slow derivation as a courtesy; write_new_file() is what keeps a wallet from being
  // replaced.
  if (contains(name)) return fail(ErrorCode::conflict, "a wallet named '" + name + "' exists already");
  AITBC_ASSIGN(const Keystore keystore, encrypt_key(key, password, options));
  AITBC_TRY(store(name, keystore));
  return key.address();
}

std::filesystem::path default_wallet_folder(const std::optional<std::string>& aitbc_wallet_dir,
                                            const std::optional<std::string>& home) {
  if (aitbc_wallet_dir && !aitbc_wallet_dir->empty()) return *aitbc_wallet_dir;
  if (home && !home->empty()) return std::filesystem::path(*home) / ".aitbc" / "wallets";
  return "wallets";
}

}  // namespace aitbc::wallet
