// How commands on the same machine talk to a running node: a Unix socket in its data directory, for its user
// only (mode 0600). One request a connection, a line each way.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "base/result.hpp"

namespace aitbc {

class ControlSocket {
 public:
  // What a line asks for; the error's message goes to who asked. Called on the socket's own thread.
  using Handler = std::function<Result<std::string>(const std::string& line)>;

  // Replaces a socket that an earlier run left behind. io: it cannot be made; limit: the path is too long for
  // a socket (107 bytes).
  static Result<std::unique_ptr<ControlSocket>> open(const std::filesystem::path& path, Handler handler);
  // Stops and removes the socket.
  ~ControlSocket();

 private:
  ControlSocket() = default;
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// Asks a running node. unavailable: nobody listens there.
Result<std::string> ask_control_socket(const std::filesystem::path& path, const std::string& line);

}  // namespace aitbc
