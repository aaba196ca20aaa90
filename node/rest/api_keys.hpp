// API keys: who knows one may have this node sign with the wallet behind it. The file holds, for each key,
// its hash, and the wallet's secret encrypted under the key itself: neither the file nor a node that nobody
// talks to can sign anything.
#pragma once

#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "crypto/secp256k1.hpp"

namespace aitbc::rest {

// In Unix seconds.
struct KeyLife {
  std::uint64_t created_at = 0;
  std::uint64_t expires_at = 0;  // 0: never
};

struct ApiKeyEntry {
  std::string name;  // chosen by the operator; unique; the user_id of audit lines
  Address wallet;
  Hash key_hash;  // keccak256 of the key
  Bytes sealed;   // nonce, ciphertext, tag: AES-256-GCM of the wallet's secret
  KeyLife life;
};

// ---- the file: JSON, mode 0600, replaced as a whole. No file: no keys. Who changes it waits for others that
// do, in whatever process, by the lock FILE.lock beside it.
Result<std::vector<ApiKeyEntry>> read_api_keys(const std::filesystem::path& file);
// Answers the new key, which is stored nowhere. conflict: the name is taken; invalid_input: it is no name.
Result<std::string> add_api_key(const std::filesystem::path& file, const std::string& name,
                                const PrivateKey& wallet, KeyLife life);
// The same with a key that was agreed on elsewhere: development networks.
Result<void> add_given_api_key(const std::filesystem::path& file, const std::string& name,
                               const PrivateKey& wallet, std::string_view key, KeyLife life);
// not_found: no key has that name.
Result<void> revoke_api_key(const std::filesystem::path& file, const std::string& name);

// What a node knows of the file. Sees changes within a second, so that a revoked key stops working.
// Thread-safe.
class ApiKeyRing {
 public:
  explicit ApiKeyRing(std::filesystem::path file) : file_(std::move(file)) {}

  struct Caller {
    std::string name;
    PrivateKey wallet;
    bool has_expired = false;
  };
  // nullopt: nobody has this key. Errors: the file cannot be read. now: Unix seconds.
  Result<std::optional<Caller>> find(std::string_view key, std::uint64_t now);

 private:
  // Which file it is: every change makes a new one, so two of one moment differ in the inode. All zero: none.
  struct Version {
    std::uint64_t inode = 0;
    std::int64_t size = 0;
    std::int64_t seconds = 0;
    std::int64_t nanoseconds = 0;
    bool operator==(const Version&) const = default;
  };
  Version version_on_disk() const;
  Result<void> refresh(std::uint64_t now);

  const std::filesystem::path file_;
  std::mutex mutex_;
  std::uint64_t looked_at_ = 0;
  Version read_;
  std::vector<ApiKeyEntry> entries_;
};

}  // namespace aitbc::rest
