// Follows the chain by number: asks for the next blocks until they exist.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "load/http_loop.hpp"

namespace aitbc::bench {

class BlockWatch {
 public:
  // Uses that connection of the loop, beginning with block `first`. Loop and endpoint must outlive it.
  BlockWatch(HttpLoop& loop, const Endpoint& endpoint, std::size_t connection, std::uint64_t first)
      : loop_(loop), endpoint_(endpoint), connection_(connection), next_(first) {}

  // Calls the handler from the loop's run() with the text of new blocks (transactions as hashes) until the
  // loop stops, or once with an error.
  void start(OnResponse handler);
  // The first block that was not seen yet.
  std::uint64_t next() const { return next_; }

 private:
  void ask();
  void on_answer(std::string_view body);

  HttpLoop& loop_;
  const Endpoint& endpoint_;
  std::size_t connection_;
  std::uint64_t next_;
  std::size_t window_ = 1;  // blocks asked for at once; grows while the watch is behind
  std::string request_;
  OnResponse handler_;
};

}  // namespace aitbc::bench
