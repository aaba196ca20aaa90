// A scene in which calls are refused on purpose.
#pragma once

#include <set>

#include "marketplace/call_table.hpp"
#include "scene.hpp"

namespace aitbc::market::test {

inline const Amount kAny = Amount::max();
inline const std::string kLong(5'000, 'x');

class Violations : public Scene {
 public:
  // The call is refused with that error, and as a transaction changes nothing but its sender's nonce.
  template <class... Args>
  void refused(std::string_view error, const Address& from, std::string_view name, const Args&... args) {
    INFO(std::string(name), ", ", std::string(error));
    const Call* call = find_call(name);
    REQUIRE(call != nullptr);
    refused_data(error, from, encode_abi(call->selector, args...));
    calls.emplace(name);
  }
  void refused_data(std::string_view error, const Address& from, const Bytes& data, Amount value = {});

  std::set<std::string> errors;
  std::set<std::string> calls;

 private:
  void changes_nothing(const Address& from, const Bytes& data, Amount value);
};

}  // namespace aitbc::market::test
