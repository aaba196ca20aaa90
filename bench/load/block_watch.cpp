#include "load/block_watch.hpp"

#include <algorithm>
#include <vector>

#include "codec/hex.hpp"
#include "load/rpc.hpp"
#include "load/scan.hpp"

namespace aitbc::bench {
namespace {

constexpr std::chrono::milliseconds kPollInterval{10};
constexpr std::size_t kMaxWindow = 64;

}  // namespace

void BlockWatch::start(OnResponse handler) {
  handler_ = std::move(handler);
  ask();
}

void BlockWatch::ask() {
  std::vector<RpcCall> calls;
  for (std::size_t i = 0; i < window_; ++i)
    calls.push_back({"eth_getBlockByNumber", "[\"" + hex::quantity(next_ + i) + "\",false]"});
  request_ = make_request(endpoint_, batch_text(calls));
  loop_.send(connection_, request_, [this](Result<std::string_view> body) {
    if (!body) return handler_(std::move(body));
    on_answer(*body);
  });
}

void BlockWatch::on_answer(std::string_view body) {
  const std::size_t found = std::min(count_blocks(body), window_);
  if (found == 0 && has_error(body))
    return handler_(fail(ErrorCode::unavailable, "eth_getBlockByNumber: " + first_error(body)));
  next_ += found;
  if (found > 0) handler_(body);
  if (found == window_) {
    window_ = std::min(2 * window_, kMaxWindow);
    return ask();
  }
  window_ = 1;
  loop_.at(std::chrono::steady_clock::now() + kPollInterval, [this] { ask(); });
}

}  // namespace aitbc::bench
