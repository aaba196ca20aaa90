// Bytes that are overwritten when they are no longer needed: passwords, seeds, derived keys.
#pragma once

#include <string_view>
#include <utility>

#include "base/bytes.hpp"
#include "crypto/secp256k1.hpp"

namespace aitbc::wallet {

// Owned, of one size for life (growing would leave a copy behind), moved but not copied, never printed.
class SecretBytes {
 public:
  SecretBytes() = default;
  explicit SecretBytes(std::size_t size) : bytes_(size) {}
  explicit SecretBytes(ByteView content) : bytes_(content.begin(), content.end()) {}
  static SecretBytes from_text(std::string_view text) { return SecretBytes(as_bytes(text)); }

  SecretBytes(SecretBytes&& other) noexcept : bytes_(std::exchange(other.bytes_, {})) {}
  SecretBytes& operator=(SecretBytes&& other) noexcept {
    std::swap(bytes_, other.bytes_);  // the old content is cleared with `other`
    return *this;
  }
  SecretBytes(const SecretBytes&) = delete;
  SecretBytes& operator=(const SecretBytes&) = delete;
  ~SecretBytes() { secure_clear(bytes_); }

  SecretBytes copy() const { return SecretBytes(view()); }
  ByteView view() const { return bytes_; }
  std::string_view text() const { return as_text(bytes_); }
  std::span<std::uint8_t> writable() { return bytes_; }
  std::size_t size() const { return bytes_.size(); }

 private:
  Bytes bytes_;
};

// Clears a string's content, spare capacity included, before letting it go.
void clear_text(std::string& text);

}  // namespace aitbc::wallet
