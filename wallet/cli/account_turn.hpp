// One process of this machine at a time uses an account's next nonce.
#pragma once

#include <filesystem>

#include "base/bytes.hpp"

namespace aitbc::cli {

// From the constructor on until the destructor, which the system runs for a process that dies: waits for the
// others first. Without a folder that can be written to there is no order, and the node's refusals remain.
class AccountTurn {
 public:
  AccountTurn(const std::filesystem::path& folder, const Address& account);
  AccountTurn(const AccountTurn&) = delete;
  AccountTurn& operator=(const AccountTurn&) = delete;
  ~AccountTurn();

 private:
  int fd_ = -1;
};

}  // namespace aitbc::cli
