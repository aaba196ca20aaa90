#include "wallet/cli/password_argument.hpp"

#include <cstring>

namespace aitbc::cli {
namespace {

constexpr std::string_view kOption = "--password";
constexpr std::string_view kOptionWithValue = "--password=";

}  // namespace

std::optional<wallet::SecretBytes> take_password(std::vector<std::string>& arguments) {
  std::optional<wallet::SecretBytes> out;
  for (std::size_t i = 0; i < arguments.size() && arguments[i] != "--"; ++i) {
    const bool has_value = arguments[i].starts_with(kOptionWithValue);
    if (!has_value && (arguments[i] != kOption || i + 1 == arguments.size())) continue;
    std::string& word = has_value ? arguments[i] : arguments[++i];
    out = wallet::SecretBytes::from_text(
        std::string_view(word).substr(has_value ? kOptionWithValue.size() : 0));
    wallet::clear_text(word);
    word = has_value ? std::string(kOptionWithValue) + '*' : "*";
  }
  return out;
}

void hide_passwords(int argc, char** argv) {
  for (int i = 1; i < argc; ++i) {
    const std::string_view argument = argv[i];
    char* secret = nullptr;
    if (argument == kOption && i + 1 < argc) secret = argv[++i];
    if (argument.starts_with(kOptionWithValue)) secret = argv[i] + kOptionWithValue.size();
    if (secret != nullptr) std::memset(secret, '*', std::strlen(secret));
  }
}

}  // namespace aitbc::cli
