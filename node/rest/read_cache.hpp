// Answers of reads. What follows from the head and the time in seconds is worked out once for as long as both
// stay the same.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/bytes.hpp"
#include "http/message.hpp"

namespace aitbc::rest {

struct KnownAnswer {
  http::Response response;
  std::string route;      // that gave it
  bool may_keep = false;  // it follows from the head and the time
};

// Thread-safe.
class ReadCache {
 public:
  using AnswerPtr = std::shared_ptr<const KnownAnswer>;
  struct Moment {
    Hash head;
    Seconds now = 0;
    bool operator==(const Moment&) const = default;
  };

  // nullptr: it is not known, or belongs to another moment.
  AnswerPtr find(const Moment& moment, std::string_view target);
  void keep(const Moment& moment, std::string_view target, AnswerPtr answer);

 private:
  void move_to(const Moment& moment);

  struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
  };
  std::mutex mutex_;
  Moment moment_;
  std::size_t bytes_ = 0;
  std::unordered_map<std::string, AnswerPtr, TextHash, std::equal_to<>> entries_;
};

}  // namespace aitbc::rest
